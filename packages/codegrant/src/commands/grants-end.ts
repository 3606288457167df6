import { endAllGrants, endGrant } from "@codegrant/server";
import type { Command } from "commander";
import { usageError } from "../command-error.ts";
import { confirm } from "../confirm.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { formatTime, note, printJson, visible } from "../output.ts";
import { applicationOf, grantAsJson, userOf } from "./grant-output.ts";
import { parseGrantId, requireGrant } from "./grants-show.ts";
import { databaseOption, jsonOption } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly all?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function addGrantsEnd(grants: Command): void {
  grants
    .command("end")
    .description("end one grant and every token of it, or all grants there are")
    .usage("<id> | --all  --db <file> [options]")
    .argument("[id]")
    .addOption(databaseOption())
    .option("--all", "every user approves every application again: after a restored backup or a leaked key")
    .option("--yes", "do not ask first (a terminal is asked, a script is not)")
    .addOption(jsonOption())
    .addHelpText("after", examples)
    .action(end);
}

async function end(argument: string | undefined, options: Options): Promise<void> {
  if ((argument === undefined) === (options.all === undefined))
    throw usageError("Say which: the id of one grant, or --all.");
  if (argument === undefined) await endAll(options);
  else await endOne(parseGrantId(argument), options);
}

async function endOne(id: number, options: Options): Promise<void> {
  const { outcome, grant } = await withDatabase(options, {}, async (platform) => {
    const before = await requireGrant(platform, id);
    const who = `${visible(userOf(before))} lets ${visible(applicationOf(before))} do`;
    if (!options.yes && !before.ended) await confirm(`End grant ${id}, what ${who}?`);
    return { outcome: await endGrant(platform, id), grant: await requireGrant(platform, id) };
  });
  if (options.json) printJson(grantAsJson(grant));
  const ended = grant.ended ? ` at ${formatTime(grant.ended.at)} (${grant.ended.why})` : "";
  note(
    outcome === "ended"
      ? `Grant ${id} is over. ${visible(userOf(grant))} must approve ${visible(applicationOf(grant))} again for it.`
      : `Grant ${id} was over already${ended}. Nothing was changed.`,
  );
}

async function endAll(options: Options): Promise<void> {
  const count = await withDatabase(options, {}, async (platform) => {
    const counts = await platform.store.countGrantsByKey(platform.now());
    const grants = counts.reduce((sum, one) => sum + one.grants, 0);
    if (!options.yes) await confirm(`End all grants (${grants} live) and every application's own tokens?`);
    await endAllGrants(platform);
    return grants;
  });
  if (options.json) printJson({ ended: count });
  note(`Every grant is over (${count} lived), and every application's own tokens. All users must approve again.`);
}

const examples = `
Examples:
  codegrant grants end 17 --db platform.db
  codegrant grants end --all --yes --db platform.db
`;
