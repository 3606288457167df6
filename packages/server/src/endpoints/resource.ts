import { type Dialect, formatHelixUsers, formatKrakenUser, OAuthError, type UserStatus } from "@codegrant/protocol";
import { findUserById } from "../accounts.ts";
import type { Endpoint, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import { type Access, readAccess } from "./access.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";

/** Kraken's `GET /kraken/user`: the user who approved, with scope `user_read`. */
export function krakenUserEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    const access = await readAccess(platform, dialect, request);
    if (!access.scopes.includes("user_read"))
      throw new OAuthError("insufficient_scope", { reason: "scope_insufficient" });
    return jsonMessage(formatKrakenUser(await userStatusOf(platform, access, true)));
  });
}

/** Today's `GET /helix/users` without parameters: the user who approved; the address only with `user:read:email`. */
export function helixUsersEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    const clientId = clientIdOf(request);
    const access = await readAccess(platform, dialect, request);
    if (access.application.clientId !== clientId)
      throw new OAuthError("invalid_client", { reason: "client_ids_differ" });
    const showsEmail = access.scopes.includes("user:read:email");
    return jsonMessage(formatHelixUsers([await userStatusOf(platform, access, showsEmail)]));
  });
}

function clientIdOf(request: RequestRecord): string {
  const clientId = request.header("client-id");
  if (clientId === undefined) throw new OAuthError("invalid_client", { reason: "client_id_missing" });
  return clientId;
}

async function userStatusOf(platform: Platform, { granted }: Access, showsEmail: boolean): Promise<UserStatus> {
  const user = granted && (await findUserById(platform, granted.consent.userId));
  if (user === undefined)
    throw new OAuthError("invalid_token", { reason: "access_token_invalid", detail: "the user is gone" });
  return {
    userId: user.id,
    login: user.login,
    displayName: user.displayName,
    ...(showsEmail && user.email !== undefined && { email: user.email }),
    createdAt: user.createdAt,
    updatedAt: user.createdAt,
  };
}
