import { timingSafeEqual } from "node:crypto";
import { type Dialect, isCodeVerifier, matchRedirectUri, OAuthError } from "@codegrant/protocol";
import type { Application, Grant, WaitingCode } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { challengePrefixOf, codeChallengeOf } from "../tokens/challenge.ts";
import { isCodeSecretOf } from "../tokens/proof.ts";
import type { Token } from "../tokens/token.ts";
import { isAlive } from "./liveness.ts";

export interface ExchangeFacts {
  /** What the sent code turned out to be; undefined when it is none of ours. */
  readonly token: Token | undefined;
  readonly found: GrantFacts | undefined;
  /** The application that authenticated. */
  readonly application: Application;
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
  readonly dialect: Dialect;
  readonly now: number;
}

export type ExchangeDecision =
  | { readonly next: "issue"; readonly grant: Grant }
  /** A wrong verifier: counted against the code, so that guessing ends. */
  | { readonly next: "count"; readonly grant: Grant; readonly error: OAuthError }
  /** A replay by someone who holds every proof: the first exchange may have been the thief's, so its tokens end. */
  | { readonly next: "end"; readonly grant: Grant; readonly error: OAuthError };

/** Wrong verifiers after which a code is dead. */
const maximumTries = 5;
/** An honest page whose callback ran twice comes within this, and only the verifier's holder can. */
const doubleCallbackSeconds = 10;
/** A code from later than now was made before the clock was set back: it may be an expired one. */
const clockToleranceSeconds = 5;

/**
 * RFC 6749, 4.1.3. The order is meaning: whose code, where it was sent, proof, reuse, expiry. Whoever lacks a proof
 * changes nothing. All refusals read the same outside; `detail` tells them apart in the log.
 */
export function decideExchange(facts: ExchangeFacts): ExchangeDecision {
  const { token, found, application, now } = facts;
  if (token?.kind !== "code") throw refused("not a code of ours");
  if (found === undefined) throw refused("no such grant");
  const { grant, consent } = found;
  if (consent.applicationId !== application.id) throw refused("a code of another application");
  if (!isCodeSecretOf(grant, token.proof)) throw refused("the code's proof does not fit");
  if (grant.code === undefined) return decideReplay(grant, facts);
  checkRedirectUri(grant.code, facts);
  if (grant.code.failedTries >= maximumTries) throw refused("too many wrong verifiers");
  const wrong = checkVerifier(grant.code, facts);
  const alive = isAlive({ grant, consent, application }, now);
  // A guess at a dead code reads like any other refusal, so there is nothing to count.
  if (wrong !== undefined && !alive) throw wrong;
  if (wrong !== undefined) return { next: "count", grant, error: wrong };
  if (!alive) throw refused("the code expired or its grant ended");
  if (now < grant.createdAt - clockToleranceSeconds)
    throw refused("the code is from the future: the clock was set back");
  return { next: "issue", grant };
}

function checkRedirectUri(code: WaitingCode, { redirectUri, dialect, application }: ExchangeFacts): void {
  const mayBeAbsent = !dialect.redirectUri.requiredAtToken && code.codeChallenge !== undefined;
  if (redirectUri === undefined) {
    if (!mayBeAbsent) throw new OAuthError("invalid_request", { reason: "redirect_uri_missing" });
  } else if (redirectUri !== code.redirectUri)
    throw new OAuthError("invalid_grant", {
      reason: "redirect_uri_mismatch",
      detail: "not the redirect URI of the authorize request",
    });
  if (!matchRedirectUri(code.redirectUri, application.redirectUris, dialect.redirectUri))
    throw new OAuthError("invalid_grant", {
      reason: "redirect_uri_mismatch",
      detail: "the redirect URI was removed since",
    });
}

/** Returns what counts as a try; throws what no guess can be. */
function checkVerifier({ codeChallenge }: WaitingCode, { codeVerifier }: ExchangeFacts): OAuthError | undefined {
  if (codeChallenge === undefined) {
    // RFC 9700, 4.8.2: otherwise an attacker could strip the challenge from the authorize request.
    if (codeVerifier !== undefined) throw new OAuthError("invalid_request", { reason: "code_verifier_unexpected" });
    return undefined;
  }
  if (codeVerifier === undefined)
    throw new OAuthError("invalid_grant", { reason: "code_verifier_missing", detail: "code_verifier is missing" });
  if (isCodeVerifier(codeVerifier) && equal(codeChallengeOf(codeVerifier), codeChallenge)) return undefined;
  return refused("the verifier does not fit the challenge");
}

function decideReplay(grant: Grant, { codeVerifier, now }: ExchangeFacts): ExchangeDecision {
  const error = refused(`the code was used ${Math.max(0, now - (grant.exchangedAt ?? now))} s before`);
  const usedPkce = grant.challengePrefix.length > 0;
  if (usedPkce && !isVerifierOf(grant, codeVerifier)) throw error;
  if (grant.exchangedAt === undefined || grant.ended !== undefined) throw error;
  if (usedPkce && now - grant.exchangedAt <= doubleCallbackSeconds) throw error;
  return { next: "end", grant, error };
}

function isVerifierOf(grant: Grant, codeVerifier: string | undefined): boolean {
  return (
    codeVerifier !== undefined &&
    isCodeVerifier(codeVerifier) &&
    timingSafeEqual(challengePrefixOf(codeChallengeOf(codeVerifier)), grant.challengePrefix)
  );
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function refused(detail: string): OAuthError {
  return new OAuthError("invalid_grant", { reason: "code_invalid", detail });
}
