import {
  type DescribedGrant,
  type EndReason,
  endReasons,
  type GrantFilter,
  InputError,
  listEndedGrants,
  listGrants,
  type Platform,
} from "@codegrant/server";
import { type Command, Option } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { formatDay, formatTime, note, printJson, printTable } from "../output.ts";
import { findApplication } from "./app-show.ts";
import { applicationOf, grantAsJson, userOf } from "./grant-output.ts";
import { type Listed, type ListOptions, listPages } from "./list-pages.ts";
import { afterOption, databaseOption, duration, jsonOption, limitOption } from "./options.ts";

interface Options extends DatabaseOptions, ListOptions {
  readonly user?: string;
  readonly app?: string;
  readonly json?: true;
}

interface EndedOptions extends Options {
  /** Seconds. */
  readonly since: number;
  readonly why?: EndReason;
}

export function addGrantsList(grants: Command): void {
  addFilters(
    grants.command("list").description("list the grants that live: who, which application, for what, since when"),
  )
    .addHelpText("after", listExamples)
    .action(list);
}

export function addGrantsEnded(grants: Command): void {
  addFilters(grants.command("ended").description("list the grants that ended lately, when and why"))
    .addOption(
      new Option("--since <time>", "how far back, such as 12h or 7d; ended grants are kept for 30 days")
        .argParser(duration(1, 366 * 86_400))
        .default(7 * 86_400, "7d"),
    )
    .addOption(new Option("--why <reason>", "those that ended for this reason alone").choices([...endReasons]))
    .addHelpText("after", endedExamples)
    .action(listEnded);
}

function addFilters(command: Command): Command {
  return command
    .usage("--db <file> [options]")
    .addOption(databaseOption())
    .option("--user <login>", "those of this user")
    .option("--app <client_id>", "those of this application; a deleted one by its number")
    .addOption(limitOption())
    .addOption(afterOption())
    .addOption(jsonOption());
}

async function list(options: Options): Promise<void> {
  const listed = await withDatabase(options, {}, async (platform) => {
    const filter = await filterOf(platform, options);
    return listPages(options, (page) => listGrants(platform, { ...page, ...filter }), idOf);
  });
  show(
    options,
    listed,
    "There are no living grants here.",
    ["ID", "USER", "APPLICATION", "GRANTED", "LAST USED"],
    (one) => [String(one.id), userOf(one), applicationOf(one), formatTime(one.grantedAt), lastUseOf(one)],
  );
}

async function listEnded(options: EndedOptions): Promise<void> {
  const listed = await withDatabase(options, {}, async (platform) => {
    const filter = {
      ...(await filterOf(platform, options)),
      since: platform.now() - options.since,
      ...(options.why === undefined ? {} : { why: options.why }),
    };
    return listPages(options, (page) => listEndedGrants(platform, { ...page, ...filter }), idOf);
  });
  show(
    options,
    listed,
    "No grant ended in that time.",
    ["ID", "USER", "APPLICATION", "ENDED", "WHY", "LAST USED"],
    (one) => [
      String(one.id),
      userOf(one),
      applicationOf(one),
      one.ended ? formatTime(one.ended.at) : "",
      one.ended?.why ?? "",
      lastUseOf(one),
    ],
  );
}

function show(
  options: Options,
  { items, goesOnAfter }: Listed<DescribedGrant>,
  whenEmpty: string,
  heading: readonly string[],
  asRow: (grant: DescribedGrant) => readonly string[],
): void {
  if (options.json) printJson(items.map(grantAsJson));
  else if (items.length === 0) note(whenEmpty);
  else printTable(heading, items.map(asRow));
  if (goesOnAfter !== undefined) note(`There are more. Go on with --after ${goesOnAfter}`);
}

const idOf = ({ id }: DescribedGrant): number => id;

const lastUseOf = ({ lastUsedDay }: DescribedGrant): string =>
  lastUsedDay === undefined ? "never" : formatDay(lastUsedDay);

/** Names become ids; a name that nobody has is an error and not an empty list. */
async function filterOf(platform: Platform, { user: login, app }: Options): Promise<GrantFilter> {
  const user = login === undefined ? undefined : await platform.store.findUserByLogin(login);
  if (login !== undefined && user === undefined)
    throw new InputError([{ field: "user", problem: `There is no user ${login}. See: codegrant user list` }]);
  const applicationId = app === undefined ? undefined : await findApplicationId(platform, app);
  return { ...(user && { userId: user.id }), ...(applicationId !== undefined && { applicationId }) };
}

/** No client_id is a number, so a number is the application's own: a deleted one is found by it. */
async function findApplicationId(platform: Platform, app: string): Promise<number> {
  return /^\d{1,15}$/.test(app) ? Number(app) : (await findApplication(platform, app)).id;
}

const listExamples = `
Examples:
  codegrant grants list --db platform.db --user ninja
  codegrant grants list --db platform.db --app CLIENT_ID --json
`;

const endedExamples = `
Example:
  codegrant grants ended --db platform.db --since 7d --why theft
`;
