import type { Command } from "commander";
import { addScopesList } from "./scopes-list.ts";

export function addScopesCommands(program: Command): void {
  const scopes = program.command("scopes").description("what applications may ask for").helpCommand(false);
  addScopesList(scopes);
}
