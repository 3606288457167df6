import type { Command } from "commander";
import { addFetch } from "./fetch.ts";
import { addLogin } from "./login.ts";
import { addLogout } from "./logout.ts";
import { addRefresh } from "./refresh.ts";
import { addStatus } from "./status.ts";
import { addToken } from "./token.ts";

/** The application's end: get a token, keep it, use it. */
export function addConnectionCommands(program: Command): void {
  addLogin(program);
  addToken(program);
  addRefresh(program);
  addFetch(program);
  addStatus(program);
  addLogout(program);
}
