import { OAuthError } from "@codegrant/protocol";
import { advise } from "../advice.ts";
import { tokenRows } from "../calls/validate-token.ts";
import type { Connection, ConnectionStatus } from "../connect/connection.ts";
import { createUserDirectory } from "./user-directory.ts";

/** What twurple means by a user: an id, or anything with one. */
export type TwurpleUser = string | number | { readonly id: string };

/** A token as twurple reads it. There is never a refresh token in it, since the connection alone refreshes. */
export interface TwurpleToken {
  accessToken: string;
  refreshToken: null;
  scope: string[];
  /** Seconds from `obtainmentTimestamp` on. */
  expiresIn: number | null;
  /** Epoch milliseconds. */
  obtainmentTimestamp: number;
  userId: string;
}

/** What `ApiClient` and `ChatClient` ask for as `authProvider`, by structure. */
export interface TwurpleAuthProvider {
  readonly clientId: string;
  readonly authorizationType: string;
  getCurrentScopesForUser(user: TwurpleUser): string[];
  getAccessTokenForUser(user: TwurpleUser, ...scopeSets: (string[] | undefined)[]): Promise<TwurpleToken | null>;
  getAccessTokenForIntent(intent: string, ...scopeSets: (string[] | undefined)[]): Promise<TwurpleToken | null>;
  getAnyAccessToken(user?: TwurpleUser): Promise<TwurpleToken>;
  refreshAccessTokenForUser(user: TwurpleUser): Promise<TwurpleToken>;
  refreshAccessTokenForIntent(intent: string): Promise<TwurpleToken>;
}

export interface TwurpleOptions {
  /** Which account speaks for which intent, such as `{ chat: "bot" }`. Any other intent is the connection's own. */
  readonly intents?: Readonly<Record<string, string>> | undefined;
  /** Epoch milliseconds. */
  readonly now?: (() => number) | undefined;
}

/**
 * A connection to Twitch as twurple's auth provider: its clients get a token that is good now each time they ask, and
 * the connection refreshes it, once, saved before anyone uses it. Every account that is connected can be asked for by
 * its user's id. Throws a `ConnectionError` when an account has to log in again.
 *
 * @example
 * const authProvider = await codegrantAuthProvider(connection, { intents: { chat: "bot" } });
 * const api = new ApiClient({ authProvider });
 * const chat = new ChatClient({ authProvider, channels: ["somebody"], authIntents: ["chat"] });
 */
export async function codegrantAuthProvider(
  connection: Connection,
  { intents = {}, now = Date.now }: TwurpleOptions = {},
): Promise<TwurpleAuthProvider> {
  const users = createUserDirectory(connection);
  await users.load();
  const refreshedAt = new Map<string, number>();

  async function tokenOf(name: string, scopeSets: readonly (string[] | undefined)[] = []): Promise<TwurpleToken> {
    const account = connection.account(name);
    const accessToken = await account.accessToken({ minimumSeconds });
    const status = await account.status();
    users.note(status);
    checkScopes(connection, status, scopeSets);
    return describe(accessToken.reveal(), status, now());
  }

  /** Called for a 401. Soon after a refresh it is about the token before, so many callers make one refresh. */
  async function refreshOf(name: string): Promise<TwurpleToken> {
    const last = refreshedAt.get(name);
    if (last !== undefined && now() - last < lateRefusalMilliseconds) return await tokenOf(name);
    const account = connection.account(name);
    await account.accessToken({ refused: await account.accessToken() });
    refreshedAt.set(name, now());
    return await tokenOf(name);
  }

  const accountFor = (intent: string): string =>
    (Object.hasOwn(intents, intent) ? intents[intent] : undefined) ?? connection.accountName;

  async function mustFind(user: TwurpleUser): Promise<string> {
    const name = await users.find(idOf(user));
    if (name !== undefined) return name;
    throw advise(new OAuthError("login_required", { description: "This user is not connected" }), connection);
  }

  return {
    clientId: connection.clientId,
    authorizationType: connection.provider.dialect.accessTokenSchemes[0] ?? "Bearer",
    getCurrentScopesForUser: (user) => [...users.scopesOf(idOf(user))],
    async getAccessTokenForUser(user, ...scopeSets) {
      const name = await users.find(idOf(user));
      return name === undefined ? null : await tokenOf(name, scopeSets);
    },
    getAccessTokenForIntent: (intent, ...scopeSets) => tokenOf(accountFor(intent), scopeSets),
    async getAnyAccessToken(user) {
      const name = user === undefined ? undefined : await users.find(idOf(user));
      return await tokenOf(name ?? connection.accountName);
    },
    refreshAccessTokenForUser: async (user) => await refreshOf(await mustFind(user)),
    refreshAccessTokenForIntent: (intent) => refreshOf(accountFor(intent)),
  };
}

/** Twurple takes a token for expired a minute before it is. */
const minimumSeconds = 90;
/** A request that was under way with the token before may be refused so much later. */
const lateRefusalMilliseconds = 10_000;

function idOf(user: TwurpleUser): string {
  return typeof user === "object" ? user.id : String(user);
}

/** As twurple has it: of each set one scope is enough. */
function checkScopes(
  { provider }: Connection,
  { scopes }: ConnectionStatus,
  scopeSets: readonly (string[] | undefined)[],
): void {
  for (const set of scopeSets) {
    if (set === undefined || set.length === 0 || set.some((scope) => scopes.includes(scope))) continue;
    const description = `The user has not granted ${set.join(" or ")}`;
    throw advise(new OAuthError("insufficient_scope", { description }), { provider, rows: tokenRows });
  }
}

function describe(accessToken: string, status: ConnectionStatus, nowMilliseconds: number): TwurpleToken {
  const { expiresAt, scopes, who } = status;
  return {
    accessToken,
    refreshToken: null,
    scope: [...scopes],
    expiresIn: expiresAt === undefined ? null : Math.max(expiresAt - Math.floor(nowMilliseconds / 1_000), 0),
    obtainmentTimestamp: nowMilliseconds,
    userId: who?.id ?? "",
  };
}
