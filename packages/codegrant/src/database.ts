import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createKeyRing, createPlatform, type Platform } from "@codegrant/server";
import { openStore } from "@codegrant/sqlite/server";
import { checkIssuer } from "./address.ts";
import { CommandError } from "./command-error.ts";
import { readConfiguration } from "./configuration.ts";
import { note } from "./output.ts";
import { platformSettings } from "./platform-settings.ts";

export interface DatabaseOptions {
  readonly db: string;
  readonly issuer?: string | undefined;
  readonly config?: string | undefined;
}

/**
 * Opens the database for one command and closes it afterwards. A server may be running on the same file. Only a command
 * that makes something (`mayCreate`) makes a database that is not there: for others it is a name mistyped.
 */
export async function withDatabase<Result>(
  options: DatabaseOptions,
  { mayCreate = false }: { readonly mayCreate?: boolean },
  work: (platform: Platform) => Promise<Result>,
): Promise<Result> {
  const { db } = options;
  const configuration = await readConfiguration(options.config);
  const issuer = options.issuer ?? configuration.issuer;
  if (issuer !== undefined) checkIssuer(issuer);
  if (!existsSync(db)) {
    if (!mayCreate) throw new CommandError(`There is no database at ${db}. Check the name after --db.`);
    note(`There was no database at ${db} yet; this command makes it.`);
  }
  const store = await openStore({ file: db, onWarning: note });
  try {
    // No log: the command itself says what it did. Without an issuer a link is a path, and the command says what to
    // put before it.
    const settings = platformSettings({ issuer: issuer ?? "", dialect: configuration.dialect, configuration });
    return await work(createPlatform({ store, keys: noKeys(), settings }));
  } finally {
    await store.close();
  }
}

/** These commands make and read no token, so they never need the key file: one key that nobody keeps. */
const noKeys = () => createKeyRing([{ id: 1, secret: randomBytes(32) }]);
