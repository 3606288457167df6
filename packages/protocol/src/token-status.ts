import type { Dialect } from "./dialect.ts";
import { parseErrorResponse } from "./error-response.ts";
import { type HttpAnswer, parseAnswerBody, shapeError, textMember } from "./http-answer.ts";
import { parseScopeMember } from "./scope.ts";
import { parseExpiresIn } from "./token-response.ts";

/** A living access token and whose it is. An application's own token has no user. Times are epoch seconds. */
export interface TokenStatus {
  readonly clientId: string;
  readonly userId?: string | undefined;
  readonly login?: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A user as the platform's small API shows them. Times are epoch seconds. */
export interface UserStatus {
  readonly userId: string;
  readonly login: string;
  readonly displayName: string;
  /** Only if the token's scopes let the application see it. */
  readonly email?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What `GET /oauth2/validate` says of a token. */
export interface Validation {
  readonly clientId: string;
  /** `undefined` for an application's own token. */
  readonly login?: string | undefined;
  readonly userId?: string | undefined;
  readonly scopes: readonly string[];
  /** `undefined`: it does not end. */
  readonly expiresInSeconds?: number | undefined;
}

/** The body of `GET /oauth2/validate`: no scopes are `null` there, and an application's token has no user. */
export function formatValidation(token: Omit<TokenStatus, "createdAt" | "updatedAt">): string {
  return JSON.stringify({
    client_id: token.clientId,
    login: token.login ?? null,
    scopes: token.scopes.length === 0 ? null : token.scopes,
    user_id: token.userId ?? null,
    expires_in: token.expiresInSeconds,
  });
}

/** Reads `GET /oauth2/validate`. Throws `OAuthError` if the token is dead, `FlowError` if there is no usable answer. */
export function parseValidation(answer: HttpAnswer, dialect: Dialect): Validation {
  if (answer.status !== 200) throw parseErrorResponse(answer, dialect);
  const body = parseAnswerBody(answer);
  const clientId = textMember(body, "client_id");
  if (clientId === undefined) throw shapeError(answer, "has no client_id");
  return {
    clientId,
    login: textMember(body, "login"),
    userId: textMember(body, "user_id"),
    scopes: parseScopeMember(body["scopes"]) ?? [],
    // Applications from before 2017 have tokens for ever, written as 0.
    expiresInSeconds: parseExpiresIn(body["expires_in"]) || undefined,
  };
}

/** The body of `GET /kraken`; `undefined` is a token that is missing or dead. */
export function formatKrakenRoot(token: TokenStatus | undefined): string {
  if (token === undefined) return '{"token":{"valid":false,"authorization":null}}';
  return JSON.stringify({
    token: {
      valid: true,
      authorization: {
        scopes: token.scopes,
        created_at: formatTime(token.createdAt),
        updated_at: formatTime(token.updatedAt),
      },
      user_name: token.login,
      user_id: token.userId,
      client_id: token.clientId,
    },
    _links: {},
  });
}

/** The body of `GET /kraken/user`; `email` is `null` where the application may not see it. */
export function formatKrakenUser(user: UserStatus): string {
  return JSON.stringify({
    _id: user.userId,
    name: user.login,
    display_name: user.displayName,
    type: "user",
    bio: null,
    email: user.email ?? null,
    logo: null,
    partnered: false,
    created_at: formatTime(user.createdAt),
    updated_at: formatTime(user.updatedAt),
    _links: {},
  });
}

/** The body of `GET /helix/users`; `email` is there only where the application may see it. */
export function formatHelixUsers(users: readonly UserStatus[]): string {
  return JSON.stringify({
    data: users.map((user) => ({
      id: user.userId,
      login: user.login,
      display_name: user.displayName,
      type: "",
      broadcaster_type: "",
      description: "",
      profile_image_url: "",
      offline_image_url: "",
      view_count: 0,
      ...(user.email === undefined ? {} : { email: user.email }),
      created_at: formatTime(user.createdAt),
    })),
  });
}

/** `2017-04-24T14:09:17Z`. */
function formatTime(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace(".000Z", "Z");
}
