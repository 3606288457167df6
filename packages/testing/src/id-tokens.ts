import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from "node:crypto";
import type { Provider } from "@codegrant/client";
import type { HostUser } from "@codegrant/server";
import { changeJson, identityMembers } from "./members.ts";

/** ID tokens (OpenID Connect Core, 2), for platforms that give them; our own server underneath has none. */
export interface IdTokens {
  /** Takes `openid` out of a request, since the server knows no such scope, and says whether it was there. */
  readonly strip: (url: URL) => boolean;
  /** Remembers for whom the ID token of a code will be. */
  note(code: string, asked: AskedIdToken): void;
  /** Puts it into the answer to that code. */
  addTo(response: Response, code: string): Promise<Response>;
}

export interface AskedIdToken {
  readonly nonce: string | undefined;
  readonly clientId: string;
  readonly account: HostUser;
}

/** Codes that wait to be exchanged. */
const maximumNoted = 1_000;
const lifetimeSeconds = 3_600;

export function createIdTokens(provider: Provider, now: () => number): IdTokens {
  const noted = new Map<string, AskedIdToken>();

  function format({ nonce, clientId, account }: AskedIdToken): string {
    const times = { iat: now(), exp: now() + lifetimeSeconds };
    const claims = { iss: issuerOf(provider), sub: account.id, aud: clientId, ...times, tid: tenant };
    const payload = {
      ...claims,
      ...(nonce !== undefined && { nonce }),
      ...identityMembers(provider, "id_token", account),
    };
    const signed = `${encode({ alg: "RS256", typ: "JWT", kid: keyId })}.${encode(payload)}`;
    const signature = sign("sha256", Buffer.from(signed), signingKey());
    return `${signed}.${signature.toString("base64url")}`;
  }

  return {
    strip(url) {
      const scopes = (url.searchParams.get("scope") ?? "").split(" ");
      if (!scopes.includes("openid")) return false;
      url.searchParams.set("scope", scopes.filter((scope) => scope !== "openid").join(" "));
      return true;
    },
    note(code, asked) {
      noted.set(code, asked);
      const [oldest] = noted.keys();
      if (noted.size > maximumNoted && oldest !== undefined) noted.delete(oldest);
    },
    async addTo(response, code) {
      const asked = noted.get(code);
      if (asked === undefined) return response;
      return await changeJson(response, (members) => ({
        ...members,
        scope: withOpenId(members["scope"]),
        id_token: format(asked),
      }));
    },
  };
}

function withOpenId(scope: unknown): unknown {
  if (Array.isArray(scope)) return ["openid", ...(scope as unknown[])];
  return typeof scope === "string" && scope !== "" ? `openid ${scope}` : "openid";
}

function issuerOf({ issuer, idTokenIssuers, endpoints }: Provider): string {
  const named = idTokenIssuers?.[0] ?? issuer ?? new URL(endpoints.authorize).origin;
  return named.replaceAll("{tid}", tenant);
}

/** Of whoever signs in, where the issuer names it. */
const tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";

/** The keys that ID tokens are checked with (RFC 7517, 5). */
export function publicKeys(): { readonly keys: readonly JsonWebKey[] } {
  const key = createPublicKey(signingKey()).export({ format: "jwk" });
  return { keys: [{ ...key, kid: keyId, use: "sig", alg: "RS256" }] };
}

const keyId = "test-provider";
let drawn: KeyObject | undefined;

/** One for all test providers of a process, drawn when it is needed: that takes a tenth of a second. */
function signingKey(): KeyObject {
  drawn ??= generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;
  return drawn;
}

function encode(members: object): string {
  return Buffer.from(JSON.stringify(members)).toString("base64url");
}
