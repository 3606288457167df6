import { formDecode } from "./parameters.ts";

/**
 * Whether a redirect URI is one of the registered ones: byte for byte, nothing is normalised (RFC 9700, 4.1.3).
 * Where the dialect lets it, the port of an http loopback URI may differ (RFC 8252, 7.3); an empty path is not `/`.
 */
export function matchRedirectUri(
  sent: string,
  registered: readonly string[],
  { loopbackPortMayVary }: { readonly loopbackPortMayVary: boolean },
): boolean {
  if (registered.includes(sent)) return true;
  if (!loopbackPortMayVary) return false;
  const parts = splitLoopback(sent);
  if (parts === undefined) return false;
  return registered.some((uri) => {
    const own = splitLoopback(uri);
    return own !== undefined && own.host === parts.host && own.rest === parts.rest;
  });
}

/** `http` to `127.0.0.1`, `[::1]` or `localhost`, with a port or without. */
export function isLoopbackRedirectUri(uri: string): boolean {
  return splitLoopback(uri) !== undefined;
}

/**
 * Adds a response's query to a redirect URI that has been matched. The URI's own text stays as it is, save
 * parameters that bear a response's name: each such name must appear once, and it is ours.
 */
export function appendToRedirectUri(redirectUri: string, query: string): string {
  if (query === "") return redirectUri;
  const mark = redirectUri.indexOf("?");
  if (mark === -1) return `${redirectUri}?${query}`;
  const own = redirectUri.slice(mark + 1).split("&");
  const kept = own.filter((pair) => pair !== "" && !isResponseName(pair));
  const before = redirectUri.slice(0, mark + 1);
  return kept.length === 0 ? before + query : `${before}${kept.join("&")}&${query}`;
}

/** Names an authorization response uses, which a redirect URI's own query may not (RFC 6749, 4.1.2; RFC 9207, 2). */
export const responseNames: readonly string[] = [
  "code",
  "state",
  "iss",
  "error",
  "error_description",
  "error_uri",
  "scope",
];

export function isResponseName(pair: string): boolean {
  const equals = pair.indexOf("=");
  const name = formDecode(equals === -1 ? pair : pair.slice(0, equals));
  return name !== undefined && responseNames.includes(name);
}

export const loopbackHosts: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

interface LoopbackParts {
  readonly host: string;
  /** Everything after the port. */
  readonly rest: string;
}

/** By hand, since URL parsers forgive what must not be forgiven here (`127.1`, `\`, user info, upper case). */
function splitLoopback(uri: string): LoopbackParts | undefined {
  if (!uri.startsWith("http://")) return undefined;
  const host = loopbackHosts.find((name) => uri.startsWith(name, 7));
  if (host === undefined) return undefined;
  let end = 7 + host.length;
  if (uri[end] === ":") {
    const start = ++end;
    while (isDigit(uri.charCodeAt(end))) end++;
    if (!isPort(uri.slice(start, end))) return undefined;
  }
  if (end < uri.length && uri[end] !== "/" && uri[end] !== "?") return undefined;
  return { host, rest: uri.slice(end) };
}

/** 1 to 65535 without a leading zero. */
export function isPort(text: string): boolean {
  return /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65_535;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
