import type { Command } from "commander";
import { addUserCreate } from "./user-create.ts";
import { addUserDelete } from "./user-delete.ts";
import { addUserDisable, addUserEnable } from "./user-enable.ts";
import { addUserList } from "./user-list.ts";
import { addUserReset } from "./user-reset.ts";
import { addUserSetPassword } from "./user-set-password.ts";

export function addUserCommands(program: Command): void {
  const user = program
    .command("user")
    .description("make users, list them, help them with passwords")
    .helpCommand(false);
  addUserCreate(user);
  addUserList(user);
  addUserSetPassword(user);
  addUserReset(user);
  addUserDisable(user);
  addUserEnable(user);
  addUserDelete(user);
}
