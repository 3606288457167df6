import { FlowError } from "@codegrant/protocol";
import type { ClientCredentials, Provider } from "../provider.ts";

/**
 * What must survive the redirect: plain JSON, kept where only the browser that started can bring it back (a session
 * at the server, a signed and encrypted cookie). It holds the code verifier, so it is as secret as a session. One
 * record per `state`, so that two tabs do not disturb each other; throw it away once the flow is finished or too old.
 */
export interface PendingAuthorization {
  /** The provider's name, and its issuer where it has one: a callback of another server does not fit. */
  readonly provider: string;
  readonly issuer?: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** 256 random bits; find the record by it. */
  readonly state: string;
  /** Where the provider has PKCE. In no URL, and equal to no other value. */
  readonly codeVerifier?: string;
  /** With `openid`: the ID token must repeat it. */
  readonly nonce?: string;
  /** Epoch seconds. */
  readonly startedAt: number;
}

/** Longer than any person signs in; a code lives a minute or ten. */
export const pendingLifetimeSeconds = 3_600;

/**
 * Refuses a record of another flow: other provider, other client, too old. Throws `TypeError` for one that would make
 * a later check pass because a value is missing.
 */
export function checkPending(
  pending: PendingAuthorization | undefined,
  provider: Provider,
  client: ClientCredentials,
  nowSeconds: number,
): PendingAuthorization {
  if (pending === undefined) throw mismatch("This browser has no login under way that the answer belongs to.");
  if (typeof pending.state !== "string" || pending.state.length < minimumStateLength) {
    throw new TypeError("The pending record has no state. Pass the one startAuthorization gave, whole.");
  }
  if (pending.provider !== provider.name || pending.clientId !== client.clientId) {
    throw mismatch("The login under way is with another provider or client.");
  }
  if (pending.issuer !== provider.issuer) {
    throw new FlowError("ERR_ISSUER_MISMATCH", "The login under way is with another issuer.");
  }
  if (sendsChallenge(provider) && pending.codeVerifier === undefined) {
    throw new TypeError("The pending record has no code verifier. Pass the one startAuthorization gave, whole.");
  }
  if (asksForIdToken(pending.scopes) && pending.nonce === undefined) {
    throw new TypeError("The pending record has no nonce. Pass the one startAuthorization gave, whole.");
  }
  if (nowSeconds - pending.startedAt > pendingLifetimeSeconds) throw mismatch("The login began more than an hour ago.");
  return pending;
}

/** A challenge that is ignored protects nobody, and one that harms is worse: neither is sent. */
export function sendsChallenge(provider: Provider): boolean {
  return provider.pkce === "required" || provider.pkce === "ok";
}

export function asksForIdToken(scopes: readonly string[]): boolean {
  return scopes.includes("openid");
}

/** 128 bits in base64url. */
const minimumStateLength = 22;

function mismatch(message: string): FlowError {
  return new FlowError("ERR_STATE_MISMATCH", message);
}
