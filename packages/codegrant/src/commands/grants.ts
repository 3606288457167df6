import type { Command } from "commander";
import { addGrantsEnd } from "./grants-end.ts";
import { addGrantsEnded, addGrantsList } from "./grants-list.ts";
import { addGrantsShow } from "./grants-show.ts";

export function addGrantsCommands(program: Command): void {
  const grants = program
    .command("grants")
    .description("what users let applications do: look, end, and find who was cut off")
    .helpCommand(false);
  addGrantsList(grants);
  addGrantsShow(grants);
  addGrantsEnd(grants);
  addGrantsEnded(grants);
}
