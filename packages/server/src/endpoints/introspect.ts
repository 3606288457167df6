import { type Dialect, formatIntrospection, type Introspection, OAuthError, single } from "@codegrant/protocol";
import { isAccessTokenActive, isRefreshTokenActive } from "../decide/access.ts";
import type { Endpoint } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { resourcesOfMask, scopesOfMask } from "../tokens/mask.ts";
import { parseToken, type Token } from "../tokens/token.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";
import { authenticateApplication, readParameters } from "./application-request.ts";
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
    return jsonMessage(formatIntrospection(await introspect(platform, dialect, caller, text), dialect));
  });
}

async function introspect(
  platform: Platform,
  dialect: Dialect,
  caller: Application,
  text: string,
): Promise<Introspection | undefined> {
  const token = parseToken(text, platform.keys, dialect.family);
  if (token?.kind !== "access" && token?.kind !== "refresh") return undefined;
  const found = await platform.store.findGrant(token.grantId);
  if (found === undefined) return undefined;
  const application = await platform.store.findApplicationById(found.consent.applicationId);
  if (application === undefined) return undefined;
  if (application.id !== caller.id && caller.settings.resourceServer !== true) return undefined;
  const isActive = token.kind === "access" ? isAccessTokenActive : isRefreshTokenActive;
  if (!isActive(token, found, application, platform.now())) return undefined;
  return introspectionOf(platform, dialect, token, found, application);
}

async function introspectionOf(
  platform: Platform,
  dialect: Dialect,
  token: Token,
  { grant, consent }: GrantFacts,
  application: Application,
): Promise<Introspection> {
  const isAccess = token.kind === "access";
  return {
    clientId: application.clientId,
    scopes: scopesOfMask(grant.scopes, token.scopeMask),
    tokenType: isAccess ? (dialect.tokenResponse.tokenType ?? "Bearer") : undefined,
    userId: consent.userId,
    username: (await platform.store.findUser(consent.userId))?.login,
    expiresAt: isAccess ? token.expiresAt : grant.expiresAt,
    issuer: platform.settings.issuer,
    audience: resourcesOfMask(grant.resources, token.resourceMask),
  };
}
