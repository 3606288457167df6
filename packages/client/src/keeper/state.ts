import { FlowError } from "@codegrant/protocol";
import { type Advice, advise, type ConnectionError } from "../advice.ts";
import type { ConnectionState, StateCause } from "../connect/connection.ts";
import type { Provider } from "../provider.ts";
import type { ConnectionRecord, Trouble } from "./connection-record.ts";
import type { Lifetimes } from "./lifetime.ts";

/** What the record says of the connection now. */
export function stateOf(record: ConnectionRecord | undefined, lifetimes: Lifetimes): ConnectionState {
  const tokens = record?.tokens;
  if (tokens === undefined) return "needs_login";
  if (record?.trouble !== undefined) return record.trouble.state;
  if (tokens.refreshToken === undefined && !lifetimes.isUsable(tokens)) return "needs_login";
  return lifetimes.isDue(tokens) ? "expiring" : "active";
}

export function causeOf(
  record: ConnectionRecord | undefined,
  state: ConnectionState,
  provider: Provider,
  loginAt: string | undefined,
): StateCause | undefined {
  const mend = state === "needs_login" || state === "ambiguous" ? { loginAt } : {};
  if (record?.trouble !== undefined && record.trouble.state === state) {
    const { code, actor, message, hint, retryAt } = record.trouble;
    return { code, actor, message, hint, retryAt, ...mend };
  }
  if (state !== "needs_login") return undefined;
  const { code, actor, hint, message } = loginNeeded(record, provider);
  return { code, actor, message, hint, ...mend };
}

/** The trouble as an error again, for whoever cannot be given a token. `cause` is what this process heard itself. */
export function errorOf(
  record: ConnectionRecord | undefined,
  provider: Provider,
  loginAt: string | undefined,
  cause?: unknown,
): ConnectionError {
  const trouble = record?.trouble;
  if (trouble === undefined) return withMend(loginNeeded(record, provider), loginAt);
  if (trouble.state === "provider_down") return passingError(trouble, provider, cause);
  const code = trouble.state === "ambiguous" ? "ERR_REFRESH_UNCERTAIN" : "ERR_LOGIN_NEEDED";
  const error = new FlowError(code, trouble.message, cause === undefined ? {} : { cause });
  return withMend(Object.assign(error, adviceOf(trouble, provider)), loginAt);
}

function passingError(trouble: Trouble, provider: Provider, cause: unknown): ConnectionError {
  const code = trouble.code === "ERR_TIMEOUT" ? "ERR_TIMEOUT" : "ERR_NETWORK";
  const error = new FlowError(code, trouble.message, cause === undefined ? {} : { cause });
  return Object.assign(error, adviceOf(trouble, provider), { retryAt: trouble.retryAt });
}

function adviceOf({ actor, hint, state }: Trouble, provider: Provider): Advice {
  return { provider: provider.name, actor, retryable: state === "provider_down", hint };
}

export function loginNeeded(record: ConnectionRecord | undefined, provider: Provider): ConnectionError {
  const message =
    record?.tokens === undefined
      ? `There is no connection to ${provider.title} yet.`
      : `The access token of ${provider.title} has ended, and there is no refresh token.`;
  return advised(new FlowError("ERR_LOGIN_NEEDED", message), provider);
}

/** The refresh token may be spent, and a second try may end everything. */
export function uncertainTrouble(record: ConnectionRecord, provider: Provider, nowSeconds: number): Trouble {
  const message = `A refresh of the tokens of ${provider.title} broke off, and nobody knows whether it was done.`;
  return troubleOf(
    "ambiguous",
    advised(new FlowError("ERR_REFRESH_UNCERTAIN", message), provider),
    record.trouble,
    nowSeconds,
  );
}

export function advised(error: FlowError, provider: Provider): ConnectionError {
  return advise(error, { provider }) as ConnectionError;
}

/** The address or command goes into the sentence as well, since many print nothing else. */
function withMend(error: ConnectionError, loginAt: string | undefined): ConnectionError {
  if (loginAt === undefined) return error;
  return Object.assign(error, { loginAt, hint: `${error.hint} (${loginAt})` });
}

/** A failure, as it is kept beside the tokens. `since` stays while the state does. */
export function troubleOf(
  state: Trouble["state"],
  error: ConnectionError,
  before: Trouble | undefined,
  nowSeconds: number,
): Trouble {
  return {
    state,
    code: error.code,
    actor: error.actor,
    message: error.message,
    hint: error.hint,
    since: before?.state === state ? before.since : nowSeconds,
  };
}
