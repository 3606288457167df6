import { OAuthError } from "./error.ts";

/** The parameters of a query or form, decoded. Names are compared byte for byte; `a[]` is a name like any other. */
export interface Parameters {
  /** The value; `undefined` if absent, empty (RFC 6749, 3.1) or repeated. Use `single` to refuse a repeated name. */
  get(name: string): string | undefined;
  /** Every value as sent, empty ones too: for the few names that may repeat. */
  all(name: string): readonly string[];
  /** The name is there, though its value may be empty. */
  has(name: string): boolean;
  repeated(name: string): boolean;
  names(): readonly string[];
}

export interface ParameterLimits {
  readonly maximumCount?: number;
  /** Of the text before decoding. */
  readonly maximumLength?: number;
}

/**
 * Reads `application/x-www-form-urlencoded` text: a form body, or a query without its `?`.
 * Throws `invalid_request` for broken percent-encoding, bytes that are no UTF-8, control characters and beyond the limits.
 *
 * @example
 * parseParameters("scope=user_read+chat_login").get("scope"); // "user_read chat_login"
 */
export function parseParameters(text: string, limits: ParameterLimits = {}): Parameters {
  checkLength(text, limits);
  const maximumCount = limits.maximumCount ?? defaultMaximumCount;
  const values = new Map<string, string | string[]>();
  let count = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf("&", start);
    if (end === -1) end = text.length;
    if (end > start) {
      if (++count > maximumCount) throw tooMany();
      addPair(values, text, start, end);
    }
    start = end + 1;
  }
  return new ParameterMap(values);
}

/** One value, or `undefined` if absent or empty; throws `invalid_request` if the name is repeated (RFC 6749, 3.1). */
export function single(parameters: Parameters, name: string): string | undefined {
  if (parameters.repeated(name)) {
    throw new OAuthError("invalid_request", {
      reason: "parameter_repeated",
      description: `The parameter ${name} was sent more than once`,
    });
  }
  return parameters.get(name);
}

/** Two places of one request as one. A name that stands in both counts as repeated. */
export function mergeParameters(a: Parameters, b: Parameters): Parameters {
  const values = new Map<string, string | string[]>();
  for (const from of [a, b]) {
    for (const name of from.names()) for (const value of from.all(name)) add(values, name, value);
  }
  return new ParameterMap(values);
}

/** Form-encoded text in the record's own order; a list repeats its name, `undefined` is left out. */
export function formatParameters(record: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  let text = "";
  for (const name of Object.keys(record)) {
    const value = record[name];
    if (value === undefined) continue;
    if (typeof value === "string") text = appendPair(text, name, value);
    else for (const one of value) text = appendPair(text, name, one);
  }
  return text;
}

/** Form-encoding of one name or value (RFC 6749, appendix B). */
export function formEncode(text: string): string {
  return encodeURIComponent(text).replaceAll("%20", "+");
}

/** The reverse of `formEncode`; `undefined` for broken percent-encoding and for bytes that are no UTF-8. */
export function formDecode(text: string): string | undefined {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    // Strict, unlike URLSearchParams: it throws at a lone `%`, an overlong form and a surrogate.
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

/** Builds parameters from pairs already decoded, with the same refusals and limits as `parseParameters`. */
export function parametersFrom(
  pairs: Iterable<readonly [name: string, value: string]>,
  limits: ParameterLimits = {},
): Parameters {
  const maximumCount = limits.maximumCount ?? defaultMaximumCount;
  const values = new Map<string, string | string[]>();
  let count = 0;
  for (const [name, value] of pairs) {
    if (++count > maximumCount) throw tooMany();
    checkCharacters(name, value);
    add(values, name, value);
  }
  return new ParameterMap(values);
}

export function checkLength(text: string, limits: ParameterLimits): void {
  if (text.length <= (limits.maximumLength ?? defaultMaximumLength)) return;
  throw new OAuthError("invalid_request", {
    reason: "parameters_too_long",
    description: "The request is too long",
  });
}

export function malformed(detail: string): OAuthError {
  return new OAuthError("invalid_request", {
    reason: "parameter_malformed",
    description: "A parameter is not properly encoded",
    detail,
  });
}

const defaultMaximumCount = 64;
const defaultMaximumLength = 32_768;

function addPair(values: Map<string, string | string[]>, text: string, start: number, end: number): void {
  let equals = text.indexOf("=", start);
  if (equals === -1 || equals > end) equals = end;
  const name = formDecode(text.slice(start, equals));
  const value = equals === end ? "" : formDecode(text.slice(equals + 1, end));
  if (name === undefined || value === undefined) throw malformed("broken percent-encoding or bytes that are no UTF-8");
  checkCharacters(name, value);
  add(values, name, value);
}

function add(values: Map<string, string | string[]>, name: string, value: string): void {
  const before = values.get(name);
  if (before === undefined) values.set(name, value);
  else if (typeof before === "string") values.set(name, [before, value]);
  else before.push(value);
}

/** Names whose own grammar refuses control characters, with an error that belongs to the application. */
const ownGrammar: ReadonlySet<string> = new Set(["scope", "scopes"]);

function checkCharacters(name: string, value: string): void {
  if (hasForbidden(name) || (hasForbidden(value) && !ownGrammar.has(name))) {
    throw malformed("a control character, a lone surrogate or a replacement character");
  }
}

/** Control characters, halves of a surrogate pair, and what a lossy decoder leaves of invalid UTF-8. */
function hasForbidden(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit === 0x7f || unit === 0xfffd) return true;
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit > 0xdbff) return true;
    const next = text.charCodeAt(++index);
    if (!(next >= 0xdc00 && next <= 0xdfff)) return true;
  }
  return false;
}

function tooMany(): OAuthError {
  return new OAuthError("invalid_request", {
    reason: "parameters_too_many",
    description: "The request has too many parameters",
  });
}

function appendPair(text: string, name: string, value: string): string {
  return `${text}${text === "" ? "" : "&"}${formEncode(name)}=${formEncode(value)}`;
}

class ParameterMap implements Parameters {
  readonly #values: ReadonlyMap<string, string | string[]>;

  constructor(values: ReadonlyMap<string, string | string[]>) {
    this.#values = values;
  }

  get(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  all(name: string): readonly string[] {
    const value = this.#values.get(name);
    if (value === undefined) return [];
    return typeof value === "string" ? [value] : value;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  repeated(name: string): boolean {
    return Array.isArray(this.#values.get(name));
  }

  names(): readonly string[] {
    return [...this.#values.keys()];
  }
}
