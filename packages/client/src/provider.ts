import type { Dialect } from "@codegrant/protocol";
import { revealed, type Secret } from "./secret.ts";

/**
 * A server that gives tokens, as data: where it listens, how it writes things down, and what it can do. No code asks
 * which provider it has, so another server is another record.
 */
export interface Provider {
  /** Short and lower-case: pending records, errors and stores are labelled with it. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly dialect: Dialect;
  readonly endpoints: {
    readonly authorize: string;
    readonly token: string;
    readonly revoke?: string | undefined;
    /** Tells whose token it is and how long it lives. */
    readonly validate?: string | undefined;
  };
  /** `ignored` and `harmful` are not sent. With `required` and `ok` a flow without its verifier is refused. */
  readonly pkce: "required" | "ok" | "ignored" | "harmful";
  /** Byte for byte what the server calls itself (RFC 8414, 2). */
  readonly issuer?: string | undefined;
  /** Every callback names the issuer, so one that does not is refused (RFC 9207, 2.4). */
  readonly issuerInCallback: boolean;
  /** How a client with a secret proves it at the token endpoint. */
  readonly clientAuthentication: "basic" | "post";
  /** The code grant is not for clients without a secret. */
  readonly codeNeedsSecret: boolean;
  /** Revoking takes the secret too (RFC 7009, 2.1). */
  readonly revokeTakesSecret: boolean;
  /** Sent with every authorization request. */
  readonly authorizeParameters?: Readonly<Record<string, string>> | undefined;
  /** `http` beyond this machine is refused without it. */
  readonly insecureHttp?: boolean | undefined;
  /** Where the facts come from, and when somebody last read them there (`2026-11`). */
  readonly sources: readonly string[];
  readonly verifiedOn: string;
}

/** The application as it is registered at the provider. Without a secret it is a public one. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret?: Secret | string | undefined;
}

/** Throws `TypeError` for a record that would send secrets in the clear or could not check its callbacks. */
export function checkProvider(provider: Provider): void {
  for (const [name, address] of Object.entries(provider.endpoints)) {
    if (address !== undefined) checkEndpoint(provider, name, address);
  }
  if (provider.issuerInCallback && provider.issuer === undefined) {
    throw new TypeError(`The provider ${provider.name} promises its issuer in callbacks, so it needs one to compare.`);
  }
}

/** Throws `TypeError`. A blank at either end comes from copying or from a file, and the provider only says "wrong". */
export function checkClient(client: ClientCredentials): void {
  checkPlain("clientId", client.clientId);
  if (client.clientSecret !== undefined) checkPlain("clientSecret", revealed(client.clientSecret));
}

function checkEndpoint(provider: Provider, name: string, address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && mayBeHttp(provider, url.hostname));
  if (!isSafe) {
    throw new TypeError(
      `The ${name} endpoint of ${provider.name} must be an https address (http on this machine only).`,
    );
  }
}

function mayBeHttp(provider: Provider, hostname: string): boolean {
  return provider.insecureHttp === true || ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

function checkPlain(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw new TypeError(`${name} is missing.`);
  if (value.trim() !== value) throw new TypeError(`${name} begins or ends with a blank or a line break. Remove it.`);
}
