import { type Application, rotateSecret } from "@codegrant/server";
import { type Command, Option } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { formatTime, note, printFields, printJson } from "../output.ts";
import { findApplication } from "./app-show.ts";
import { clientIdOption, databaseOption, jsonOption, oneOf, wholeNumber } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly clientId?: string;
  readonly overlap: number;
  readonly now?: true;
  readonly json?: true;
}

const daySeconds = 86_400;

export function addAppRotateSecret(app: Command): void {
  app
    .command("rotate-secret")
    .description("give an application another client_secret, shown this once; the old one stays good for a while")
    .usage("<client_id> --db <file> [options]")
    .argument("[client_id]")
    .addOption(databaseOption())
    .addOption(clientIdOption())
    .addOption(
      new Option("--overlap <days>", "how long the old one stays good").argParser(wholeNumber(0, 30)).default(7),
    )
    .addOption(new Option("--now", "the old one is dead at once: for a secret that has leaked").conflicts("overlap"))
    .addOption(jsonOption())
    .addHelpText("after", examples)
    .action(rotate);
}

async function rotate(argument: string | undefined, options: Options): Promise<void> {
  const clientId = oneOf(argument, options.clientId, "client_id");
  const overlapSeconds = options.now ? 0 : options.overlap * daySeconds;
  const { application, clientSecret } = await withDatabase(options, {}, async (platform) => {
    const { id } = await findApplication(platform, clientId);
    return rotateSecret(platform, id, { overlapSeconds });
  });
  const until = goodUntil(application);
  if (options.json)
    printJson({
      client_id: clientId,
      client_secret: clientSecret,
      ...(until === undefined ? {} : { old_secret_expires_at: until }),
    });
  else
    printFields([
      ["client_id", clientId],
      ["client_secret", clientSecret],
    ]);
  note("Keep the client_secret now: it is shown this once.");
  note(until === undefined ? "No earlier secret is good any more." : `The one before it stays good until ${until}.`);
}

function goodUntil({ secrets }: Application): string | undefined {
  const expiresAt = secrets[1]?.expiresAt;
  return expiresAt === undefined ? undefined : formatTime(expiresAt);
}

const examples = `
Examples:
  codegrant app rotate-secret CLIENT_ID --db platform.db --overlap 14
  codegrant app rotate-secret CLIENT_ID --db platform.db --now
`;
