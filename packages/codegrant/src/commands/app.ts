import type { Command } from "commander";
import { addAppCreate } from "./app-create.ts";
import { addAppDelete } from "./app-delete.ts";
import { addAppList } from "./app-list.ts";
import { addAppShow } from "./app-show.ts";

export function addAppCommands(program: Command): void {
  const app = program.command("app").description("register applications, look at them, delete them").helpCommand(false);
  addAppCreate(app);
  addAppList(app);
  addAppShow(app);
  addAppDelete(app);
}
