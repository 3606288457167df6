import { type Dialect, formatIntrospection, type Introspection, OAuthError, single } from "@codegrant/protocol";
import { findUserById } from "../accounts.ts";
import { isRefreshTokenActive } from "../decide/access.ts";
import { countRefusal } from "../limits/slow-down.ts";
import type { Endpoint, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import { parseToken, type Token } from "../tokens/token.ts";
import { type Access, findAccessOf } from "./access.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";
import { authenticateApplication, readParameters, sourceOf } from "./application-request.ts";
import { checkMethodIsPost } from "./token.ts";

/**
 * Token introspection (RFC 7662): a resource server learns of any application's tokens, every other confidential
 * application of its own. Whatever is not a living token that the caller may know is `{"active":false}`.
 */
export function introspectEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    checkMethodIsPost(request, dialect);
    const parameters = readParameters(request, dialect);
    const caller = await authenticateApplication(platform, dialect, request, parameters);
    if (caller.type === "public")
      throw new OAuthError("invalid_client", { detail: "a public application cannot prove that it may ask" });
    const text = single(parameters, "token");
    if (text === undefined) throw new OAuthError("invalid_request", { description: "The parameter token is missing" });
    const known = await introspect(platform, dialect, caller, text);
    if (known === undefined) checkGuesses(platform, request, caller);
    return jsonMessage(formatIntrospection(known, dialect));
  });
}

/** A caller that asks about nothing but texts that are no token is looking for one (RFC 7662, 4). */
function checkGuesses(platform: Platform, request: RequestRecord, caller: Application): void {
  const tooMany = countRefusal(platform.limits.grants, sourceOf(caller, request), platform.now(), "invalid_token");
  if (tooMany !== undefined) throw tooMany;
}

async function introspect(
  platform: Platform,
  dialect: Dialect,
  caller: Application,
  text: string,
): Promise<Introspection | undefined> {
  const token = parseToken(text, platform.keys, dialect.family);
  if (token === undefined) return undefined;
  const access = await (token.kind === "refresh" ? findRefresh(platform, token) : findAccessOf(platform, token));
  if (access === undefined) return undefined;
  if (access.application.id !== caller.id && caller.settings.resourceServer !== true) return undefined;
  return introspectionOf(platform, dialect, access);
}

async function findRefresh(platform: Platform, token: Token): Promise<Access | undefined> {
  const granted = await platform.store.findGrant(token.grantId);
  if (granted === undefined) return undefined;
  const application = await platform.store.findApplicationById(granted.consent.applicationId);
  const now = platform.now();
  if (application === undefined || !isRefreshTokenActive(token, granted, application, now)) return undefined;
  const { scopes, resources, expiresAt } = granted.grant;
  return { token, application, scopes, resources, expiresInSeconds: expiresAt - now, granted };
}

async function introspectionOf(platform: Platform, dialect: Dialect, access: Access): Promise<Introspection> {
  const userId = access.granted?.consent.userId;
  return {
    clientId: access.application.clientId,
    scopes: access.scopes,
    tokenType: access.token.kind === "refresh" ? undefined : (dialect.tokenResponse.tokenType ?? "Bearer"),
    userId,
    username: userId === undefined ? undefined : (await findUserById(platform, userId))?.login,
    expiresAt: platform.now() + access.expiresInSeconds,
    issuer: platform.settings.issuer,
    audience: access.resources,
  };
}
