import { type Dialect, formatHelixUsers, formatKrakenUser, OAuthError, type UserStatus } from "@codegrant/protocol";
import { findUserById } from "../accounts.ts";
import type { Endpoint, Message, RequestRecord } from "../message.ts";
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

/**
 * Today's `GET /helix/users`: the user who approved; the address only with `user:read:email`. Of the users asked for by
 * `id` and `login` it shows that one alone: a token for one user is no way to ask who else has an account.
 */
export function helixUsersEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  const answer = apiEndpoint(platform, dialect, async (request) => {
    const clientId = clientIdOf(request);
    const access = await readAccess(platform, dialect, request);
    if (access.application.clientId !== clientId)
      throw new OAuthError("invalid_client", { reason: "client_ids_differ" });
    const showsEmail = access.scopes.includes("user:read:email");
    const user = await userStatusOf(platform, access, showsEmail);
    return jsonMessage(formatHelixUsers(isAskedFor(user, request) ? [user] : []));
  });
  return async (request) => withPoints(await answer(request), platform.now());
}

function isAskedFor({ userId, login }: UserStatus, { query }: RequestRecord): boolean {
  const asked = new URLSearchParams(query);
  if (!asked.has("id") && !asked.has("login")) return true;
  return asked.getAll("id").includes(userId) || asked.getAll("login").some((name) => name.toLowerCase() === login);
}

/** Twitch counts 800 points a minute. Nobody is refused by them here, but clients stop without them. */
function withPoints(message: Message, now: number): Message {
  const points = ["Ratelimit-Limit", "800", "Ratelimit-Remaining", "799", "Ratelimit-Reset", String(now + 60)];
  return { ...message, headers: [...message.headers, ...points] };
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
