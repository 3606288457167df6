/** One scope, in words that complete the sentence "It may …" on the consent page. */
export interface ScopeDescription {
  readonly name: string;
  readonly description: string;
  /** Lets an application change things or see what is private; the consent page makes it stand out. */
  readonly sensitive: boolean;
  /** People may untick it, unless the application lists its own optional scopes. */
  readonly optional?: boolean;
  /** The heading it stands under in the documentation. */
  readonly group: string;
}

/** The scopes a platform knows. Asking for any other is `invalid_scope` (RFC 6749, 3.3). */
export interface ScopeCatalogue {
  find(name: string): ScopeDescription | undefined;
  readonly all: readonly ScopeDescription[];
}

const maximumScopes = 500;
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

/**
 * Makes a catalogue of a platform's own scopes. A name twice, or one that no request could carry
 * (RFC 6749, 3.3), is a `TypeError`.
 *
 * @example
 * ```ts
 * const scopes = createScopeCatalogue([
 *   { name: "photos:read", description: "see your photos", sensitive: false, group: "Photos" },
 * ]);
 * ```
 */
export function createScopeCatalogue(list: readonly ScopeDescription[]): ScopeCatalogue {
  if (list.length > maximumScopes) throw new TypeError(`A catalogue holds at most ${maximumScopes} scopes.`);
  const byName = new Map<string, ScopeDescription>();
  for (const scope of list) {
    if (!scopeToken.test(scope.name)) throw new TypeError(`"${scope.name}" cannot be the name of a scope.`);
    if (reservedNames.has(scope.name)) throw new TypeError(`"${scope.name}" has a meaning of its own.`);
    if (byName.has(scope.name)) throw new TypeError(`The scope "${scope.name}" is listed twice.`);
    byName.set(scope.name, scope);
  }
  return { find: (name) => byName.get(name), all: [...byName.values()] };
}

/** OpenID Connect gives these a meaning that no catalogue can: ID tokens are not offered, and `offline_access` grants nothing. */
const reservedNames: ReadonlySet<string> = new Set(["openid", "offline_access"]);
