import { type Dialect, formatKrakenRoot, formatValidation, OAuthError, type TokenStatus } from "@codegrant/protocol";
import { findUserById } from "../accounts.ts";
import type { Endpoint } from "../message.ts";
import type { Platform } from "../platform.ts";
import { type Access, readAccess } from "./access.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";

/** Twitch's `GET /oauth2/validate`: what a token is good for. */
export function validateEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    const access = await readAccess(platform, dialect, request);
    return jsonMessage(formatValidation(await tokenStatusOf(platform, access)));
  });
}

/** Kraken's `GET /kraken`: the same in its words; a dead token is an answer there, not an error. */
export function krakenRootEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    try {
      const access = await readAccess(platform, dialect, request);
      return jsonMessage(formatKrakenRoot(await tokenStatusOf(platform, access)));
    } catch (error) {
      if (error instanceof OAuthError && error.code === "invalid_token")
        return jsonMessage(formatKrakenRoot(undefined));
      throw error;
    }
  });
}

async function tokenStatusOf(platform: Platform, access: Access): Promise<TokenStatus> {
  const { granted, application, scopes, expiresInSeconds } = access;
  const userId = granted?.consent.userId;
  const user = userId === undefined ? undefined : await findUserById(platform, userId);
  return {
    clientId: application.clientId,
    userId,
    login: user?.login,
    scopes,
    expiresInSeconds,
    createdAt: granted?.grant.createdAt ?? application.createdAt,
    updatedAt: granted?.grant.rotatedAt ?? application.createdAt,
  };
}
