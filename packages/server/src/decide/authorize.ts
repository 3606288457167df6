import { type AuthorizationRequest, type Dialect, OAuthError } from "@codegrant/protocol";
import type { Application, Consent } from "../records.ts";

/** Granted by nobody and refused to nobody: clients ask for it to be given a refresh token, which they get anyway. */
const withoutMeaning = "offline_access";

/**
 * What a request may ask for, once application and redirect URI are known to belong together. Returns the scopes that
 * the grant would have; throws what the application is told.
 */
export function checkAuthorizationRequest(
  request: AuthorizationRequest,
  application: Application,
  dialect: Dialect,
  isKnownScope: (name: string) => boolean,
): readonly string[] {
  if (application.disabled) throw new OAuthError("unauthorized_client", { reason: "client_disabled" });
  if (request.codeChallenge === undefined) checkPkceMayBeAbsent(application, dialect);
  return checkScopes(request.scopes, application, isKnownScope);
}

/** The scopes that a grant would have; throws `invalid_scope` for one that is unknown or not for this application. */
export function checkScopes(
  asked: readonly string[],
  application: Application,
  isKnownScope: (name: string) => boolean,
): readonly string[] {
  const scopes = asked.filter((scope) => scope !== withoutMeaning);
  for (const scope of scopes) checkScope(scope, application, isKnownScope);
  return scopes;
}

function checkPkceMayBeAbsent({ type, settings }: Application, dialect: Dialect): void {
  if (type === "public" || settings.pkce === "required")
    throw new OAuthError("invalid_request", {
      reason: "code_challenge_missing",
      description: "This application must send code_challenge with code_challenge_method=S256",
    });
  if (dialect.pkce.requiredForConfidential && settings.pkce !== "optional")
    throw new OAuthError("invalid_request", {
      reason: "code_challenge_missing",
      description:
        "Send code_challenge with code_challenge_method=S256, or register the application with --pkce optional",
    });
}

function checkScope(scope: string, { settings }: Application, isKnownScope: (name: string) => boolean): void {
  if (scope === "openid")
    throw new OAuthError("invalid_scope", {
      reason: "scope_unknown",
      description: "This server makes no ID tokens: leave out the scope openid",
    });
  if (!isKnownScope(scope))
    throw new OAuthError("invalid_scope", { reason: "scope_unknown", detail: `unknown scope ${scope}` });
  if (settings.allowedScopes !== undefined && !settings.allowedScopes.includes(scope))
    throw new OAuthError("invalid_scope", {
      reason: "scope_unknown",
      detail: `the application may not ask for ${scope}`,
    });
}

export interface ConsentFacts {
  readonly application: Application;
  /** The registered one that the request's redirect URI matched. */
  readonly registeredRedirectUri: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly forceConsent: boolean;
  readonly consent: Consent | undefined;
}

export type ConsentDecision =
  /** Straight back: the user said yes to all of this before. */
  | { readonly next: "grant" }
  /** Straight back, and remembered: the operator vouches for the application. */
  | { readonly next: "grantAndRemember" }
  /** The page; what was granted before is told apart on it. */
  | { readonly next: "ask"; readonly granted: readonly string[] };

export function decideConsent(facts: ConsentFacts): ConsentDecision {
  const { application, consent } = facts;
  const granted = consent?.since === undefined ? [] : consent.scopes;
  const ask = { next: "ask", granted } as const;
  if (facts.forceConsent) return ask;
  // Anyone can send a public application's client id, so nothing proves that this is the application the user approved
  // (RFC 6749, 10.2; RFC 8252, 8.6). A confidential one must prove itself at the exchange.
  if (application.type === "public") return ask;
  if (isCovered(facts)) return { next: "grant" };
  return application.settings.trusted === true ? { next: "grantAndRemember" } : ask;
}

function isCovered({ consent, registeredRedirectUri, scopes, resources }: ConsentFacts): boolean {
  return (
    consent?.since !== undefined &&
    consent.redirectUris.includes(registeredRedirectUri) &&
    scopes.every((scope) => consent.scopes.includes(scope)) &&
    resources.every((resource) => consent.resources.includes(resource))
  );
}

/** Of what was asked, what the person left ticked: only scopes that the application marked as optional can go. */
export function chooseScopes(
  asked: readonly string[],
  optional: readonly string[],
  ticked: readonly string[],
): readonly string[] {
  return asked.filter((scope) => !optional.includes(scope) || ticked.includes(scope));
}

/** RFC 8707, 2. While the platform names no resource, any is taken. */
export function checkResources(asked: readonly string[], known: readonly string[]): void {
  const unknown = known.length === 0 ? undefined : asked.find((resource) => !known.includes(resource));
  if (unknown !== undefined)
    throw new OAuthError("invalid_target", { reason: "resource_unknown", detail: `unknown resource ${unknown}` });
}
