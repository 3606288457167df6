import type { ConnectionStatus } from "@codegrant/client";
import { formatTime, printFields } from "../output.ts";

/** What programs read of a connection. No secret is in it. */
export function statusAsJson(status: ConnectionStatus): Record<string, unknown> {
  const { account, cause, expiresAt, hasRefreshToken, isUnreadable, isUsable, provider, scopes, state, who } = status;
  return {
    provider,
    account,
    state,
    ...(who === undefined ? {} : { user: { id: who.id, login: who.login } }),
    scopes,
    ...(expiresAt === undefined ? {} : { expires_at: formatTime(expiresAt) }),
    usable: isUsable,
    has_refresh_token: hasRefreshToken,
    ...(isUnreadable === true ? { unreadable: true } : {}),
    ...(cause === undefined ? {} : { cause: { code: cause.code, message: cause.message, hint: cause.hint } }),
    stored: status.storedIn,
  };
}

/** `name` is what it is called on a command line. */
export function statusAsFields(name: string, status: ConnectionStatus): void {
  const { account, cause, expiresAt, scopes, storedIn } = status;
  printFields([
    ["name", name],
    ["account", account],
    ["user", userOf(status)],
    ["state", stateOf(status)],
    ["scopes", scopes.length === 0 ? "(none)" : scopes.join(" ")],
    ["expires", expiresAt === undefined ? undefined : formatTime(expiresAt)],
    ["cause", cause?.message],
    ["to do", cause?.hint],
    ["log in", cause?.loginAt],
    ["stored", storedIn],
  ]);
}

export function userOf({ who }: ConnectionStatus): string {
  if (who === undefined) return "(the provider does not say)";
  return who.login === undefined ? (who.id ?? "") : `${who.login} (${who.id ?? "no id"})`;
}

export function stateOf({ isUnreadable, state }: ConnectionStatus): string {
  return isUnreadable === true ? "unreadable" : state;
}

/** Whoever uses it must log in before. */
export function needsLogin({ state }: ConnectionStatus): boolean {
  return state === "needs_login" || state === "ambiguous";
}
