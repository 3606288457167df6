import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { CommandError, systemCode } from "./command-error.ts";

const minute = 60;
const day = 24 * 60 * minute;

const words = (maximum: number) => z.string().trim().min(1).max(maximum);
const seconds = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum).optional();

const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, "expected a colour such as #0b6a56")
  .optional();
const free = z.int().min(1).max(1_000_000).optional();

/** Whatever may stand in a configuration file. All of it is optional; a name that is not here is a mistake, and said. */
export const configurationSchema = z.strictObject({
  /** The platform's name, as its pages show it. */
  name: words(60).optional(),
  /** Said on the sign-in page: whom to ask for a new password. */
  passwordHelp: words(300).optional(),
  footer: words(300).optional(),
  /** An SVG or PNG of at most 64 KiB, by its path beside this file. */
  logo: z
    .string()
    .regex(/\.(?:svg|png)$/i, "expected the path of a .svg or .png file")
    .optional(),
  /** Text in them must stay readable, which is checked. */
  colours: z.strictObject({ accent: colour, accentDark: colour }).optional(),
  /** The server's own address, as its users see it; `--issuer` goes before it. */
  issuer: z.string().optional(),
  /** How it speaks; `--dialect` goes before it. */
  dialect: z.enum(["twitch", "rfc6749"]).optional(),
  /** Lets strangers make accounts; off without it. */
  signUp: z.strictObject({ maximumUsers: z.int().min(1).max(10_000_000) }).optional(),
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
        optional: z.boolean().default(false),
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
  /** How many refusals cost nothing before somebody has to wait. */
  limits: z
    .strictObject({
      wrongPasswords: free,
      wrongSecrets: free,
      wrongTokens: free,
      perAddress: free,
      deviceRequests: free,
      signUpsPerAddress: free,
    })
    .optional(),
});

/** What `--config FILE` says. Lifetimes and windows are seconds. */
export type Configuration = z.infer<typeof configurationSchema> & {
  /** The logo's content, once it was read. */
  readonly logoData?: string;
};

/** Reads a .json, .js or .mjs file (its default export). Throws a `CommandError` that names what is wrong, and where. */
export async function readConfigurationFile(file: string): Promise<Configuration> {
  const parsed = configurationSchema.safeParse(await load(file));
  if (parsed.success) return withLogo(parsed.data, file);
  const problems = parsed.error.issues.slice(0, 10).map((issue) => `  ${describe(issue)}`);
  throw new CommandError(`The configuration in ${file} is not right:\n${problems.join("\n")}`);
}

async function withLogo(configuration: Configuration, file: string): Promise<Configuration> {
  const { logo } = configuration;
  if (logo === undefined) return configuration;
  try {
    const image = await readFile(path.resolve(path.dirname(file), logo));
    const type = logo.toLowerCase().endsWith(".svg") ? "svg+xml" : "png";
    return { ...configuration, logoData: `data:image/${type};base64,${image.toString("base64")}` };
  } catch (error) {
    throw new CommandError(
      `The configuration in ${file} is not right:\n  logo: ${logo} cannot be read (${systemCode(error) ?? "unknown reason"}).`,
      { cause: error },
    );
  }
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
