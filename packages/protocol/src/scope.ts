import type { Dialect } from "./dialect.ts";
import { OAuthError } from "./error.ts";

/**
 * Reads a `scope` parameter (RFC 6749, 3.3): order kept, repeats dropped, empty text is no scope.
 * Throws `invalid_scope` for characters outside the grammar, over 100 tokens or 4,096 characters.
 */
export function parseScope(text: string, dialect: Pick<Dialect, "scope">): readonly string[] {
  if (text === "") return [];
  if (text.length > maximumLength) throw malformedScope("The scope is too long");
  const scopes: string[] = [];
  for (const token of text.split(dialect.scope.separator)) {
    // Scripts glue lists together, so an extra separator is no error.
    if (token === "" || scopes.includes(token)) continue;
    if (!isScopeToken(token)) throw malformedScope("The scope has a character that scopes cannot have");
    if (scopes.length === maximumTokens) throw malformedScope("The scope names too many scopes");
    scopes.push(token);
  }
  return scopes;
}

export function formatScope(scopes: readonly string[], dialect: Pick<Dialect, "scope">): string {
  return scopes.join(dialect.scope.separator);
}

/** One scope: `%x21 / %x23-5B / %x5D-7E`, at least one character (RFC 6749, 3.3). */
export function isScopeToken(text: string): boolean {
  if (text === "") return false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x21 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
  }
  return true;
}

/**
 * Reads the scope of an answer the way servers really write it: an array, a string with spaces or commas, `[""]`.
 * `undefined` where the answer says nothing (absent, `null`, or not a scope at all).
 */
export function parseScopeMember(value: unknown): readonly string[] | undefined {
  const list = typeof value === "string" ? value.split(/[ ,]/) : value;
  if (!Array.isArray(list)) return undefined;
  const scopes = new Set<string>();
  for (const one of list) if (typeof one === "string" && isScopeToken(one)) scopes.add(one);
  return [...scopes];
}

const maximumTokens = 100;
const maximumLength = 4_096;

function malformedScope(description: string): OAuthError {
  return new OAuthError("invalid_scope", { reason: "scope_malformed", description });
}
