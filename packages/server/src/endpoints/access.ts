import { type Dialect, OAuthError, parseAccessTokenHeader } from "@codegrant/protocol";
import { isAccessTokenActive } from "../decide/access.ts";
import { isApplicationTokenActive } from "../decide/application-token.ts";
import type { RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { resourcesOfMask, scopesOfMask } from "../tokens/mask.ts";
import { parseToken, type Token } from "../tokens/token.ts";

/** A living access token: of which application, for what, and whose. */
export interface Access {
  readonly token: Token;
  readonly application: Application;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly expiresInSeconds: number;
  /** The approval behind it; absent for an application's own token. */
  readonly granted?: GrantFacts;
}

/** The access token of a request's header. Throws `access_token_missing` or `access_token_invalid`. */
export async function readAccess(platform: Platform, dialect: Dialect, request: RequestRecord): Promise<Access> {
  if (request.headerCount("authorization") > 1)
    throw new OAuthError("invalid_request", { reason: "access_token_malformed" });
  const text = parseAccessTokenHeader(request.header("authorization"), dialect.accessTokenSchemes);
  if (text === undefined) throw new OAuthError("invalid_token", { reason: "access_token_missing" });
  const access = await findAccess(platform, dialect, text);
  if (access === undefined) throw new OAuthError("invalid_token", { reason: "access_token_invalid" });
  return access;
}

/** One rule for every endpoint that is shown an access token. A text that is none of ours costs no query. */
export async function findAccess(platform: Platform, dialect: Dialect, text: string): Promise<Access | undefined> {
  const token = parseToken(text, platform.keys, dialect.family);
  return token && findAccessOf(platform, token);
}

export async function findAccessOf(platform: Platform, token: Token): Promise<Access | undefined> {
  if (token.kind === "application") return findApplicationAccess(platform, token);
  return token.kind === "access" ? findGrantedAccess(platform, token) : undefined;
}

async function findGrantedAccess(platform: Platform, token: Token): Promise<Access | undefined> {
  const granted = await platform.store.findGrant(token.grantId);
  if (granted === undefined) return undefined;
  const application = await platform.store.findApplicationById(granted.consent.applicationId);
  const now = platform.now();
  if (application === undefined || !isAccessTokenActive(token, granted, application, now)) return undefined;
  return {
    token,
    application,
    scopes: scopesOfMask(granted.grant.scopes, token.scopeMask),
    resources: resourcesOfMask(granted.grant.resources, token.resourceMask),
    expiresInSeconds: token.expiresAt - now,
    granted,
  };
}

async function findApplicationAccess(platform: Platform, token: Token): Promise<Access | undefined> {
  const application = await platform.store.findApplicationById(token.grantId);
  const now = platform.now();
  if (application === undefined || !isApplicationTokenActive(token, application, now)) return undefined;
  if (await platform.store.isApplicationTokenRevoked(application.id, token.proof)) return undefined;
  const scopes = scopesOfMask(application.settings.allowedScopes ?? [], token.scopeMask);
  return { token, application, scopes, resources: [], expiresInSeconds: token.expiresAt - now };
}
