import type { Command } from "commander";
import { addAppChange } from "./app-change.ts";
import { addAppCreate } from "./app-create.ts";
import { addAppDelete } from "./app-delete.ts";
import { addAppDisable, addAppEnable } from "./app-enable.ts";
import { addAppList } from "./app-list.ts";
import { addAppRotateSecret } from "./app-rotate-secret.ts";
import { addAppShow } from "./app-show.ts";

export function addAppCommands(program: Command): void {
  const app = program
    .command("app")
    .description("register applications, look at them, change and delete them")
    .helpCommand(false);
  addAppCreate(app);
  addAppList(app);
  addAppShow(app);
  addAppChange(app);
  addAppRotateSecret(app);
  addAppDisable(app);
  addAppEnable(app);
  addAppDelete(app);
}
