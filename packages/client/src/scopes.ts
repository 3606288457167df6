import type { Provider } from "./provider.ts";

/**
 * Which of the scopes that were asked for were not granted, so that an application can say what it cannot do. Another
 * login that asks for them is the only way to get them; a refresh never adds one.
 *
 * @example
 * const missing = findMissingScopes(twitch, ["chat:read", "chat:edit"], tokens.scopes);
 */
export function findMissingScopes(
  provider: Provider,
  asked: readonly string[],
  granted: readonly string[],
): readonly string[] {
  const { unnamedScopes = [], scopeAliases = {} } = provider;
  return asked.filter((scope) => {
    const alias = Object.hasOwn(scopeAliases, scope) ? scopeAliases[scope] : undefined;
    return (
      ![scope, alias].some((name) => name !== undefined && granted.includes(name)) && !unnamedScopes.includes(scope)
    );
  });
}

/** What a login asks for: the caller's own, and what it takes to get a refresh token. */
export function scopesToAsk(provider: Provider, scopes: readonly string[]): readonly string[] {
  return [...new Set([...scopes, ...(provider.offlineScopes ?? [])])];
}
