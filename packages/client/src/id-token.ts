import { FlowError } from "@codegrant/protocol";
import type { Provider } from "./provider.ts";

/** What an ID token says, once it is checked. Members beside these are as the provider sent them. */
export interface IdTokenClaims {
  readonly iss: string;
  /** Whose it is: stable, and the provider's own. */
  readonly sub: string;
  readonly aud: string | readonly string[];
  /** Epoch seconds. */
  readonly exp: number;
  readonly [claim: string]: unknown;
}

export interface IdTokenExpectation {
  readonly clientId: string;
  /** The one that was sent; `undefined` if none was, as with a device. */
  readonly nonce: string | undefined;
  readonly nowSeconds: number;
}

/**
 * Checks an ID token that came straight from the token endpoint over TLS, so that its signature adds nothing (OpenID
 * Connect Core, 3.1.3.7, 6): issuer, audience, authorized party, expiry, nonce. Throws `FlowError` `ERR_ID_TOKEN`.
 */
export function checkIdToken(idToken: unknown, provider: Provider, expected: IdTokenExpectation): IdTokenClaims {
  const claims = parseIdToken(idToken);
  const { iss, sub, aud, azp, exp, nonce } = claims;
  const issuers = idTokenIssuersOf(provider).map((issuer) => fillIn(issuer, claims));
  const audience = Array.isArray(aud) ? (aud as unknown[]) : [aud];
  if (typeof iss !== "string" || !issuers.includes(iss)) throw refuse("names another issuer");
  if (typeof sub !== "string" || sub === "") throw refuse("does not say whose it is");
  if (!audience.includes(expected.clientId)) throw refuse("is for another application");
  if (azp === undefined ? audience.length > 1 : azp !== expected.clientId)
    throw refuse("was asked for by another application");
  if (typeof exp !== "number" || exp + leewaySeconds <= expected.nowSeconds) throw refuse("has expired");
  if (expected.nonce !== undefined && nonce !== expected.nonce) throw refuse("belongs to another login");
  return claims as IdTokenClaims;
}

/** What `iss` may be; with none an ID token could not be checked, so `openid` is not asked for. */
export function idTokenIssuersOf(provider: Provider): readonly string[] {
  return provider.idTokenIssuers ?? (provider.issuer === undefined ? [] : [provider.issuer]);
}

type UncheckedClaims = Readonly<
  Partial<Record<"iss" | "sub" | "aud" | "azp" | "exp" | "nonce" | "tid", unknown>> & Record<string, unknown>
>;

function parseIdToken(idToken: unknown): UncheckedClaims {
  const parts = typeof idToken === "string" ? idToken.split(".") : [];
  const [, payload] = parts;
  if (parts.length !== 3 || payload === undefined) throw refuse("is missing or no JWT");
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof claims === "object" && claims !== null && !Array.isArray(claims)) return claims as UncheckedClaims;
  } catch {
    // No cause: its message would hold a piece of the token.
  }
  throw refuse("cannot be read");
}

/** A tenant's id, where the issuer holds it. */
function fillIn(issuer: string, { tid }: UncheckedClaims): string {
  return issuer.replaceAll("{tid}", () => (typeof tid === "string" && /^[0-9a-f-]{36}$/i.test(tid) ? tid : "{tid}"));
}

/** For clocks that differ. */
const leewaySeconds = 300;

function refuse(problem: string): FlowError {
  return new FlowError("ERR_ID_TOKEN", `The ID token ${problem}.`);
}
