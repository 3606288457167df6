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
  const scopes = request.scopes.filter((scope) => scope !== withoutMeaning);
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

/** `ask` shows the page; `grant` sends the user straight back, since they said yes to all of this before. */
export type ConsentDecision =
  | { readonly next: "grant" }
  | { readonly next: "ask"; readonly granted: readonly string[] };

export function decideConsent(facts: ConsentFacts): ConsentDecision {
  const { application, consent } = facts;
  const granted = consent?.since === undefined ? [] : consent.scopes;
  const ask = { next: "ask", granted } as const;
  if (facts.forceConsent) return ask;
  // Anyone can send a public application's client id, so nothing proves that this is the application the user approved
  // (RFC 6749, 10.2; RFC 8252, 8.6). A confidential one must prove itself at the exchange.
  if (application.type === "public") return ask;
  if (consent?.since === undefined) return ask;
  if (!consent.redirectUris.includes(facts.registeredRedirectUri)) return ask;
  if (facts.scopes.some((scope) => !consent.scopes.includes(scope))) return ask;
  if (facts.resources.some((resource) => !consent.resources.includes(resource))) return ask;
  return { next: "grant" };
}
