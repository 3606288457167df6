import type { Application, Store } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { formatTime, note, printJson, printTable } from "../output.ts";
import { type ListOptions, listPages } from "./list-pages.ts";
import { afterOption, databaseOption, example, jsonOption, limitOption } from "./options.ts";

interface Options extends DatabaseOptions, ListOptions {
  readonly json?: true;
}

export function addAppList(app: Command): void {
  app
    .command("list")
    .description("list the applications, oldest first")
    .usage("--db <file> [options]")
    .addOption(databaseOption())
    .addOption(limitOption())
    .addOption(afterOption())
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant app list --db platform.db"))
    .action(list);
}

async function list(options: Options): Promise<void> {
  const { items, goesOnAfter } = await withDatabase(options, {}, ({ store }) => listApplications(store, options));
  if (options.json) {
    printJson(
      items.map(({ id, clientId, name, type, disabled, createdAt }) => ({
        id,
        client_id: clientId,
        name,
        type,
        disabled,
        created_at: formatTime(createdAt),
      })),
    );
  } else if (items.length === 0) {
    note("There are no applications. Register one with: codegrant app create");
  } else {
    printTable(["ID", "CLIENT_ID", "TYPE", "CREATED", "NAME"], items.map(asRow));
  }
  if (goesOnAfter !== undefined) note(`There are more. Go on with --after ${goesOnAfter}`);
}

function listApplications(store: Store, options: ListOptions) {
  return listPages(
    options,
    (page) => store.listApplications(page),
    (application) => application.id,
  );
}

function asRow({ id, clientId, type, disabled, createdAt, name }: Application): readonly string[] {
  return [String(id), clientId, disabled ? `${type}, disabled` : type, formatTime(createdAt), name];
}
