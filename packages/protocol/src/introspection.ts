import type { Dialect } from "./dialect.ts";
import { formatScope } from "./scope.ts";

/** A living token, told to whoever may know (RFC 7662, 2.2). Times are epoch seconds. */
export interface Introspection {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** As the token response spelled it; absent for a refresh token. */
  readonly tokenType?: string | undefined;
  /** The user who approved; absent for an application's own token. */
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
  readonly issuedAt?: number | undefined;
  readonly expiresAt: number;
  readonly issuer: string;
  /** The resources that the token is for; empty when it names none (RFC 8707). */
  readonly audience: readonly string[];
}

/** The JSON of an introspection answer; `undefined` is whatever is not a living token, and says nothing more. */
export function formatIntrospection(token: Introspection | undefined, dialect: Pick<Dialect, "scope">): string {
  if (token === undefined) return '{"active":false}';
  return JSON.stringify({
    active: true,
    scope: token.scopes.length === 0 ? undefined : formatScope(token.scopes, dialect),
    client_id: token.clientId,
    username: token.username,
    token_type: token.tokenType,
    exp: token.expiresAt,
    iat: token.issuedAt,
    sub: token.userId,
    aud: token.audience.length === 0 ? undefined : token.audience,
    iss: token.issuer,
  });
}
