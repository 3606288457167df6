import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { CommandError, systemCode } from "./command-error.ts";

const minute = 60;
const day = 24 * 60 * minute;

const words = (maximum: number) => z.string().trim().min(1).max(maximum);
const seconds = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum).optional();

/** Whatever may stand in a configuration file. All of it is optional; a name that is not here is a mistake, and said. */
const configuration = z.strictObject({
  /** The platform's name, as its pages show it. */
  name: words(60).optional(),
  /** Said on the sign-in page: whom to ask for a new password. */
  passwordHelp: words(300).optional(),
  footer: words(300).optional(),
  /** Takes the place of the dialect's own scopes. */
  scopes: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(
            /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/,
            "expected printable ASCII without spaces, quotes and backslashes",
          ),
        description: words(200),
        sensitive: z.boolean().default(false),
        group: words(60).default("Scopes"),
      }),
    )
    .min(1)
    .max(500)
    .optional(),
  lifetimes: z
    .strictObject({
      code: seconds(10, 10 * minute), // RFC 6749, 4.1.2: at most ten minutes
      session: seconds(5 * minute, 90 * day),
      accessToken: seconds(minute, 30 * day),
      applicationToken: seconds(minute, 365 * day),
      refreshToken: seconds(5 * minute, 730 * day),
      publicRefreshToken: seconds(5 * minute, 365 * day),
    })
    .optional(),
  /** How long the predecessor of a refresh token is still answered; 0 is strict. See SECURITY.md. */
  refreshWindows: z
    .strictObject({ retry: seconds(0, 5 * minute), late: seconds(0, 365 * day), publicLate: seconds(0, 30 * day) })
    .optional(),
});

/** What `--config FILE` says. Lifetimes and windows are seconds. */
export type Configuration = z.infer<typeof configuration>;

/** Reads a .json, .js or .mjs file (its default export). Throws a `CommandError` that names what is wrong, and where. */
export async function readConfigurationFile(file: string): Promise<Configuration> {
  const parsed = configuration.safeParse(await load(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 10).map((issue) => `  ${describe(issue)}`);
  throw new CommandError(`The configuration in ${file} is not right:\n${problems.join("\n")}`);
}

async function load(file: string): Promise<unknown> {
  const extension = path.extname(file);
  if (extension === ".json") return parseJson(await readText(file), file);
  if (![".js", ".mjs", ".ts"].includes(extension)) {
    throw new CommandError(`A configuration is a .json, .js or .mjs file. This is none: ${file}`);
  }
  await readText(file); // so that a missing file is told from a failing import in it
  return importDefault(file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CommandError(
      `The configuration file ${file} cannot be read (${systemCode(error) ?? "unknown reason"}). ` +
        "Check the name after --config.",
      { cause: error },
    );
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

async function importDefault(file: string): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path.resolve(file)).href)) as { readonly default?: unknown };
  } catch (error) {
    throw new CommandError(`${file} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (module.default === undefined) throw new CommandError(`${file} must export its configuration as default.`);
  return module.default;
}

function describe(issue: z.core.$ZodIssue): string {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => (at ? `${at}.${key}` : key)).join(", ");
    return `${names}: there is no such setting${at ? ` in ${at}` : ""}`;
  }
  return `${at || "the whole"}: ${issue.message.replace(/^Invalid input: /, "")}`;
}
