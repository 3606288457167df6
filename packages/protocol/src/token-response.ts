import type { Dialect } from "./dialect.ts";
import { parseErrorResponse } from "./error-response.ts";
import { type HttpAnswer, parseAnswerBody, shapeError, textMember } from "./http-answer.ts";
import { formatScope, parseScopeMember } from "./scope.ts";

/** What the token endpoint gives (RFC 6749, 5.1). */
export interface TokenResponse {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  /** `undefined`: the answer does not say, so what was asked for was granted. */
  readonly scopes?: readonly string[] | undefined;
  /** `undefined`: unknown, so use the token until it is refused. */
  readonly expiresInSeconds?: number | undefined;
  /** As the wire spells it. */
  readonly tokenType?: string | undefined;
  /** Members that this package gives no meaning. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** The JSON of a token response, in Twitch's order of members; the type of token comes from the dialect. */
export function formatTokenResponse(response: TokenResponse, dialect: Dialect): string {
  const { expiresIn, tokenType } = dialect.tokenResponse;
  let text = `{"access_token":${JSON.stringify(response.accessToken)}`;
  if (response.expiresInSeconds !== undefined && expiresIn === "number") {
    text += `,"expires_in":${response.expiresInSeconds}`;
  }
  if (response.refreshToken !== undefined) text += `,"refresh_token":${JSON.stringify(response.refreshToken)}`;
  text += formatScopeMember(response.scopes, dialect);
  if (tokenType !== undefined) text += `,"token_type":"${tokenType}"`;
  return `${text}${formatExtra(response.extra)}}`;
}

/**
 * Reads the token endpoint's answer, tolerant of how servers write it. Throws the server's error as `OAuthError`,
 * also one hidden in a 200, and `FlowError` if there is neither a token nor an error.
 *
 * @example
 * const { accessToken, scopes } = parseTokenResponse({ status, contentType, body }, twitch);
 */
export function parseTokenResponse(answer: HttpAnswer, dialect: Dialect): TokenResponse {
  if (answer.status < 200 || answer.status > 299) throw parseErrorResponse(answer, dialect);
  const body = unnest(parseAnswerBody(answer), dialect);
  const accessToken = textMember(body, "access_token");
  const isError = dialect.error.mayHideInSuccess && textMember(body, dialect.error.members.code) !== undefined;
  if (accessToken === undefined || isError) throw parseErrorResponse(answer, dialect);
  // It goes into a header, so it must be text a header can hold (RFC 6749, appendix A.12).
  if (!/^[\x21-\x7e]+$/.test(accessToken)) throw shapeError(answer, "has an access_token that no header can carry");
  return {
    accessToken,
    refreshToken: textMember(body, "refresh_token"),
    scopes:
      parseScopeMember(body[dialect.scope.nameInTokenResponse]) ??
      (dialect.scope.whenEmpty === "absent" ? [] : undefined),
    expiresInSeconds: parseExpiresIn(body["expires_in"]),
    tokenType: textMember(body, "token_type"),
    extra: findExtra(body),
  };
}

/** Where the top has no token, the nested one's members stand before those around it. */
function unnest(body: Members, { tokenResponse }: Dialect): Members {
  const { nestedIn } = tokenResponse;
  const nested = nestedIn === undefined || textMember(body, "access_token") !== undefined ? undefined : body[nestedIn];
  return typeof nested === "object" && nested !== null ? { ...body, ...nested } : body;
}

type Members = Readonly<Record<string, unknown>>;

/** Ten years: beyond that a number is a mistake, and must not become "for ever". */
const maximumSeconds = 315_360_000;

/** Seconds from a number or a numeric string. Zero and less is expired; nonsense is unknown. */
export function parseExpiresIn(value: unknown): number | undefined {
  const seconds = typeof value === "string" && /^-?[0-9]{1,15}$/.test(value) ? Number(value) : value;
  if (typeof seconds !== "number" || Number.isNaN(seconds)) return undefined;
  return Math.min(Math.max(Math.floor(seconds), 0), maximumSeconds);
}

function formatScopeMember(scopes: readonly string[] | undefined, { scope }: Dialect): string {
  if (scopes === undefined || (scopes.length === 0 && scope.whenEmpty === "absent")) return "";
  return `,"${scope.nameInTokenResponse}":${JSON.stringify(scope.inTokenResponse === "array" ? scopes : formatScope(scopes, { scope }))}`;
}

const knownMembers: readonly string[] = ["access_token", "refresh_token", "scope", "expires_in", "token_type"];

function formatExtra(extra: Readonly<Record<string, unknown>> | undefined): string {
  if (extra === undefined) return "";
  let text = "";
  for (const [name, value] of Object.entries(extra)) {
    const json = JSON.stringify(value);
    if (json !== undefined && !knownMembers.includes(name)) text += `,${JSON.stringify(name)}:${json}`;
  }
  return text;
}

function findExtra(body: Members): Members | undefined {
  const extra = Object.entries(body).filter(([name]) => !knownMembers.includes(name));
  return extra.length === 0 ? undefined : Object.fromEntries(extra);
}
