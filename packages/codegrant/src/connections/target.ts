import {
  type CodegrantDialect,
  codegrantProvider,
  defineProvider,
  discoverProvider,
  type Fetch,
  findProvider,
  type Provider,
  type ProviderColumns,
  providers,
} from "@codegrant/client";
import { CommandError, systemCode } from "../command-error.ts";

export interface TargetOptions {
  readonly server?: string | undefined;
  readonly issuer?: string | undefined;
  readonly insecureHttp?: true | undefined;
}

/** What a command line says of the server to connect to. */
export type Target =
  | { readonly kind: "provider"; readonly name: string }
  | {
      readonly kind: "server";
      readonly url: string;
      readonly dialect: CodegrantDialect;
      readonly insecureHttp: boolean;
    }
  | { readonly kind: "issuer"; readonly issuer: string; readonly insecureHttp: boolean };

/** A server as it is kept: what can be looked up again by a name, and what was discovered whole. */
export type KeptProvider = Exclude<Target, { kind: "issuer" }> | { readonly kind: "columns"; readonly columns: object };

const dialects: readonly CodegrantDialect[] = ["rfc6749", "twitch", "kraken"];

/** NAME, or one of the two options in its place. Throws a `CommandError` that says what a name may be. */
export function parseTarget(name: string | undefined, options: TargetOptions): Target {
  const { server, issuer, insecureHttp = false } = options;
  if (server !== undefined) {
    if (issuer !== undefined) throw new CommandError("Give --server or --issuer, not both.");
    return { kind: "server", url: parseAddress("--server", server), dialect: parseDialect(name), insecureHttp };
  }
  const isAddress = name !== undefined && /^https?:\/\//i.test(name);
  if (issuer !== undefined && name !== undefined && issuer !== name) {
    throw new CommandError(`--issuer stands in place of a name. Leave out: ${name}`);
  }
  const address = issuer ?? (isAddress ? name : undefined);
  if (address !== undefined) return { kind: "issuer", issuer: address, insecureHttp };
  if (name !== undefined && isProvider(name)) return { kind: "provider", name: name.toLowerCase() };
  throw new CommandError(
    `${name === undefined ? "Say which provider" : `No provider is called "${name}"`}. ${whatThereIs}`,
  );
}

/** A place that is none of that provider's, as in `gitlab@…`, is said with the provider's own sentence. */
function isProvider(name: string): boolean {
  try {
    return findProvider(name) !== undefined;
  } catch (error) {
    throw error instanceof TypeError ? new CommandError(`${name}: ${error.message}`, { cause: error }) : error;
  }
}

const whatThereIs = `There are ${providers.map(({ name }) => name).join(", ")}, and shopify@SHOP; for any other server give its issuer's address, or --server URL for a Codegrant server.`;

/** The words that name it on a command line; connections are kept under them. */
export function formatTarget(target: Target): string {
  if (target.kind === "provider") return target.name;
  if (target.kind === "issuer") return target.issuer;
  return `${target.dialect === "rfc6749" ? "" : `${target.dialect} `}--server ${target.url}`;
}

/** Asks a server what it is, where its address alone does not tell. Throws a `ConnectionError`. */
export async function describeTarget(target: Target, fetch: Fetch | undefined): Promise<KeptProvider> {
  if (target.kind !== "issuer") return target;
  const { insecureHttp, issuer } = target;
  // The dialect is the default one, and is not kept, so that an update of this program mends it.
  const { dialect: _dialect, ...columns } = await discoverProvider(issuer, { insecureHttp, fetch });
  return { kind: "columns", columns };
}

/** A server that cannot be reached at all is said at once. What it answers is its own matter. */
export async function checkAnswers(target: Target, send: Fetch = fetch): Promise<void> {
  if (target.kind !== "server") return;
  try {
    const answer = await send(`${target.url}/healthz`, { signal: AbortSignal.timeout(10_000), redirect: "manual" });
    await answer.body?.cancel();
  } catch (error) {
    const reason = systemCode(error) ?? (error instanceof Error ? (systemCode(error.cause) ?? error.message) : "");
    const sentence = `Nothing answers at ${target.url} (${reason}). Start that server, or correct --server.`;
    throw new CommandError(sentence, { cause: error });
  }
}

export function openProvider(kept: KeptProvider): Provider {
  if (kept.kind === "columns") return defineProvider(kept.columns as ProviderColumns);
  if (kept.kind === "server") {
    const { dialect, insecureHttp, url } = kept;
    return codegrantProvider(url, dialect, { insecureHttp });
  }
  const provider = findProvider(kept.name);
  if (provider === undefined) throw new CommandError(`This version knows no provider called ${kept.name}.`);
  return provider;
}

function parseDialect(name = "rfc6749"): CodegrantDialect {
  const dialect = dialects.find((one) => one === name.toLowerCase());
  if (dialect !== undefined) return dialect;
  throw new CommandError(
    `With --server, the name is how that server is spoken to: ${dialects.join(", ")}. It was: ${name}`,
  );
}

function parseAddress(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === "" && url.password === "" && !/[?#]/.test(text);
  if ((url?.protocol === "https:" || url?.protocol === "http:") && isPlain) return text.replace(/\/+$/, "");
  throw new CommandError(`${option} must be an address such as http://localhost:8080. It was: ${text}`);
}
