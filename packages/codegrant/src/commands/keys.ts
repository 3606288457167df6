import type { Command } from "commander";
import { addKeysList } from "./keys-list.ts";
import { addKeysRetire } from "./keys-retire.ts";
import { addKeysRotate } from "./keys-rotate.ts";

export function addKeysCommands(program: Command): void {
  const keys = program
    .command("keys")
    .description("the secret keys that tokens are made with: look, begin a new one, give up an old one")
    .helpCommand(false);
  addKeysList(keys);
  addKeysRotate(keys);
  addKeysRetire(keys);
}
