import { type Dialect, OAuthError, parseAccessTokenHeader } from "@codegrant/protocol";
import { isAccessTokenActive } from "../decide/access.ts";
import type { RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Application, Consent, Grant } from "../records.ts";
import { scopesOfMask } from "../tokens/mask.ts";
import { parseToken, type Token } from "../tokens/token.ts";

/** A living access token: whose, for which application, for what. */
export interface Access {
  readonly token: Token;
  readonly grant: Grant;
  readonly consent: Consent;
  readonly application: Application;
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
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
  if (token?.kind !== "access") return undefined;
  const found = await platform.store.findGrant(token.grantId);
  if (found === undefined) return undefined;
  const application = await platform.store.findApplicationById(found.consent.applicationId);
  const now = platform.now();
  if (application === undefined || !isAccessTokenActive(token, found, application, now)) return undefined;
  const scopes = scopesOfMask(found.grant.scopes, token.scopeMask);
  return { token, ...found, application, scopes, expiresInSeconds: token.expiresAt - now };
}
