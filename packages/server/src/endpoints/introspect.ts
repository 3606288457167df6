import {
  type Dialect,
  formatIntrospection,
  type Introspection,
  OAuthError,
  type Parameters,
  single,
} from "@codegrant/protocol";
import { findUserById } from "../accounts.ts";
import { isRefreshTokenActive } from "../decide/access.ts";
import { countRefusal, SlowDown, type TooMany } from "../limits/slow-down.ts";
import type { Endpoint, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import { parseToken, type Token } from "../tokens/token.ts";
import { type Access, findAccessOf } from "./access.ts";
import { apiEndpoint, jsonMessage, slowDownAnswer } from "./api.ts";
import { authenticateApplication, readClientAuthentication, readParameters, sourceOf } from "./application-request.ts";
import { checkMethodIsPost } from "./token.ts";

/**
 * Token introspection (RFC 7662): a resource server learns of any application's tokens, every other confidential
 * application of its own. Whatever is not a living token that the caller may know is `{"active":false}`.
 */
export function introspectEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  const slowDown = slowDownAnswer(platform, dialect, "invalid_token");
  return apiEndpoint(platform, dialect, async (request) => {
    checkMethodIsPost(request, dialect);
    const parameters = readParameters(request, dialect);
    const text = parameters.get("token");
    const token = text === undefined ? undefined : parseToken(text, platform.keys, dialect.family);
    const tooMany = token === undefined ? findWait(platform, dialect, request, parameters) : undefined;
    if (tooMany !== undefined) return slowDown(request, tooMany);
    const caller = await authenticateApplication(platform, dialect, request, parameters);
    if (caller.type === "public")
      throw new OAuthError("invalid_client", { detail: "a public application cannot prove that it may ask" });
    if (single(parameters, "token") === undefined)
      throw new OAuthError("invalid_request", { description: "The parameter token is missing" });
    const known = token && (await introspect(platform, dialect, caller, token));
    if (known === undefined) checkGuesses(platform, request, caller);
    return jsonMessage(formatIntrospection(known, dialect));
  });
}

/**
 * For a caller that is slowed down and asks about one more text that is none of our tokens. Said before its secret is
 * looked at, so that a flood costs little; and it makes the wait no longer, since the secret is not known to be right.
 */
function findWait(
  platform: Platform,
  dialect: Dialect,
  request: RequestRecord,
  parameters: Parameters,
): TooMany | undefined {
  const { grants } = platform.limits;
  const source = sourceOf(readClientAuthentication(dialect, request, parameters), request);
  const waitSeconds = grants.waitSeconds(source, platform.now());
  return waitSeconds === 0 ? undefined : { waitSeconds, times: grants.turnAway(source) };
}

/** A caller that asks about nothing but texts that are no token is looking for one (RFC 7662, 4). */
function checkGuesses(platform: Platform, request: RequestRecord, caller: Application): void {
  const tooMany = countRefusal(platform.limits.grants, sourceOf(caller, request), platform.now());
  if (tooMany !== undefined) throw new SlowDown(tooMany, "invalid_token");
}

async function introspect(
  platform: Platform,
  dialect: Dialect,
  caller: Application,
  token: Token,
): Promise<Introspection | undefined> {
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
