import { createResetLink, createUser } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { formatTime, printFields, printJson } from "../output.ts";
import { readPassword } from "../password-input.ts";
import { databaseOption, issuerOption, jsonOption } from "./options.ts";
import { linkAsJson, noteAboutLink } from "./reset-link-output.ts";

interface Options extends DatabaseOptions {
  readonly login: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly passwordStdin?: true;
  readonly json?: true;
}

export function addUserCreate(user: Command): void {
  user
    .command("create")
    .description("make a user; without --password-stdin it prints a link, good once, to set a password")
    .usage("--db <file> --login <name> [options]")
    .addOption(databaseOption())
    .requiredOption("--login <name>", "2 to 32 of a-z, 0-9, _ and -")
    .option("--password-stdin", "read the password from the first line of stdin")
    .option("--display-name <name>", "as others see it (the login, unless given)")
    .option("--email <address>", "shown to applications that may read it")
    .addOption(issuerOption())
    .addOption(jsonOption())
    .addHelpText("after", examples)
    .action(create);
}

async function create(options: Options): Promise<void> {
  const password = options.passwordStdin ? await readPassword({ fromStdin: true }) : undefined;
  const { user, link } = await withDatabase(options, { mayCreate: true }, async (platform) => {
    const created = await createUser(platform, {
      login: options.login,
      ...(password === undefined ? {} : { password }),
      ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
      ...(options.email === undefined ? {} : { email: options.email }),
    });
    const setPassword = password === undefined ? await createResetLink(platform, created.login) : undefined;
    return { user: created, link: setPassword };
  });
  const { id, login, createdAt } = user;
  if (options.json) {
    printJson({ id, login, created_at: formatTime(createdAt), ...(link ? { password_link: linkAsJson(link) } : {}) });
  } else {
    printFields([
      ["login", login],
      ["id", id],
      ["link", link?.url],
    ]);
  }
  if (link) noteAboutLink(link, options.issuer);
}

const examples = `
Examples:
  codegrant user create --db platform.db --login ninja --issuer http://localhost:8080
  codegrant user create --db platform.db --login ninja --password-stdin < password.txt
`;
