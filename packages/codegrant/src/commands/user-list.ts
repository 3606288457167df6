import type { Store, User } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { formatTime, note, printJson, printTable } from "../output.ts";
import { type ListOptions, listPages } from "./list-pages.ts";
import { afterOption, databaseOption, example, jsonOption, limitOption } from "./options.ts";

interface Options extends DatabaseOptions, ListOptions {
  readonly json?: true;
}

export function addUserList(user: Command): void {
  user
    .command("list")
    .description("list the users, oldest first")
    .usage("--db <file> [options]")
    .addOption(databaseOption())
    .addOption(limitOption())
    .addOption(afterOption())
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant user list --db platform.db"))
    .action(list);
}

async function list(options: Options): Promise<void> {
  const { items, goesOnAfter } = await withDatabase(options, {}, ({ store }) => listUsers(store, options));
  if (options.json) printJson(items.map(asJson));
  else if (items.length === 0) note("There are no users. Make one with: codegrant user create");
  else printTable(["ID", "LOGIN", "PASSWORD", "CREATED", "DISPLAY NAME"], items.map(asRow));
  if (goesOnAfter !== undefined) note(`There are more. Go on with --after ${goesOnAfter}`);
}

function listUsers(store: Store, options: ListOptions) {
  return listPages(
    options,
    (page) => store.listUsers(page),
    (user) => Number(user.id),
  );
}

function asJson({ id, login, displayName, email, passwordHash, disabled, createdAt }: User): object {
  return {
    id,
    login,
    display_name: displayName,
    ...(email === undefined ? {} : { email }),
    has_password: passwordHash !== undefined,
    disabled,
    created_at: formatTime(createdAt),
  };
}

function asRow({ id, login, displayName, passwordHash, disabled, createdAt }: User): readonly string[] {
  const state = disabled ? "disabled" : passwordHash === undefined ? "not set" : "set";
  return [id, login, state, formatTime(createdAt), displayName];
}
