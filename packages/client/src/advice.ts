import { FlowError, findErrorCode, OAuthError } from "@codegrant/protocol";
import { type Actor, type AdviceRow, fallbackRow, findRow } from "./advice-rows.ts";

/** What every error of this package says beside what went wrong. */
export interface Advice {
  /** The provider's name. */
  readonly provider: string;
  readonly actor: Actor;
  /** The same call may be made again as it is. */
  readonly retryable: boolean;
  /** One or two sentences for that actor; no secret in them. */
  readonly hint: string;
  /** The page that tells more, in the documentation of this package; none for a code of the provider's own. */
  readonly docs?: string | undefined;
  /** How long the provider asks to be left alone. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The provider said no (`OAuthError`), or gave no usable answer (`FlowError`). */
export type ConnectionError = (OAuthError | FlowError) & Advice;

/**
 * Tells the errors this package throws from a bug (`TypeError`) or somebody else's error.
 *
 * @example
 * try {
 *   await refreshTokens(provider, client, tokens);
 * } catch (error) {
 *   if (!isConnectionError(error)) throw error;
 *   console.error(error.message, error.hint);
 * }
 */
export function isConnectionError(error: unknown): error is ConnectionError {
  return (error instanceof OAuthError || error instanceof FlowError) && "hint" in error && "actor" in error;
}

export interface AdviceContext {
  readonly provider: { readonly name: string; readonly title: string };
  readonly redirectUri?: string | undefined;
  /** The answer is in already, so that asking again changes nothing. */
  readonly isFinal?: boolean | undefined;
  /** Of codes that only this step meets. */
  readonly rows?: Readonly<Record<string, AdviceRow>> | undefined;
  /** Whatever was sent and must not come back in a message. */
  readonly secrets?: readonly (string | undefined)[] | undefined;
}

/** The error, with its advice and without any secret a server may have echoed. Anything else passes as it is. */
export function advise(error: unknown, context: AdviceContext): unknown {
  if (!(error instanceof OAuthError || error instanceof FlowError) || isConnectionError(error)) return error;
  const clean = error instanceof OAuthError ? withoutSecrets(error, context.secrets ?? []) : error;
  const row = chooseRow(clean, context.rows);
  const isPassing = clean.status !== undefined && (clean.status >= 500 || clean.status === 429);
  const advice: Advice = {
    provider: context.provider.name,
    actor: isPassing ? "nobody" : row.actor,
    retryable: context.isFinal !== true && (isPassing || row.retryable),
    hint: fillIn(isPassing ? passingHint : row.hint + alsoSaid(clean), context),
    ...(hasPage(clean) ? { docs: `docs/errors/${clean.code}.md` } : {}),
  };
  return Object.assign(clean, advice);
}

const passingHint = "{provider} has trouble of its own. Keep what you have and try again in a while.";

/** The finer reason first, then the code with its status, then the code. */
function chooseRow(error: OAuthError | FlowError, own: AdviceContext["rows"] = {}): AdviceRow {
  const reason = error instanceof OAuthError ? error.reason : undefined;
  for (const key of [reason ?? "", `${error.code}_${error.status}`, error.code]) {
    const row = Object.hasOwn(own, key) ? own[key] : findRow(key);
    if (row !== undefined) return row;
  }
  return fallbackRow;
}

/**
 * A redirect URI that does not match is told without a state at some providers, and then the state is what fails.
 * The text comes from the table: whoever made up the callback chooses a row and writes nothing.
 */
function alsoSaid({ code, cause }: OAuthError | FlowError): string {
  if (code !== "ERR_STATE_MISMATCH" || !(cause instanceof OAuthError)) return "";
  const row = findRow(cause.code);
  return row === undefined ? "" : ` The answer also says ${cause.code}: ${row.hint}`;
}

function hasPage(error: OAuthError | FlowError): boolean {
  return error instanceof FlowError || findErrorCode(error.code) !== undefined;
}

function fillIn(hint: string, { provider, redirectUri }: AdviceContext): string {
  return hint
    .replaceAll("{provider}", () => provider.title)
    .replaceAll("{redirectUri}", () => redirectUri ?? "the one you send");
}

/** A text with a reason is one of the dialect's own, so what was sent is in it by chance if at all. */
function withoutSecrets(error: OAuthError, secrets: readonly (string | undefined)[]): OAuthError {
  const sent = secrets.filter((secret): secret is string => secret !== undefined && secret !== "");
  const isClean = (text: string | undefined): boolean => !sent.some((secret) => text?.includes(secret));
  if (error.reason !== undefined) return error;
  if (isClean(error.code) && isClean(error.description) && isClean(error.uri)) return error;
  const isKnown = findErrorCode(error.code) !== undefined;
  return new OAuthError(isKnown || isClean(error.code) ? error.code : "server_error", {
    description: "The server repeated a secret, so its text is left out",
    status: error.status,
  });
}
