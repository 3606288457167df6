import { isPort, isResponseName, loopbackHosts } from "./redirect-uri.ts";
import { splitUri, type UriParts } from "./uri-parts.ts";

/** Why a redirect URI cannot be registered, for a form or a command line. */
export interface RedirectUriProblem {
  readonly field: "redirect_uri";
  /** Stable, for code. */
  readonly problem: string;
  /** For the person: what is wrong and what to do. */
  readonly sentence: string;
}

/**
 * Checks a redirect URI someone wants to register; `undefined` if it is fine (RFC 6749, 3.1.2; RFC 8252, 7 and 8.4).
 * What is registered is stored byte for byte, so nothing is mended here.
 */
export function checkRedirectUriRegistration(uri: string): RedirectUriProblem | undefined {
  const parts = splitUri(uri);
  const rule = rules.find(({ breaks }) => breaks(uri, parts));
  return rule && { field: "redirect_uri", problem: rule.problem, sentence: rule.sentence };
}

/**
 * Tells a developer in which parts a redirect URI differs from the nearest registered one.
 * Names the parts and never the registered value: a stranger may read it.
 */
export function explainRedirectUriMismatch(sent: string, registered: readonly string[]): string {
  if (registered.length === 0) return "The application has no registered redirect URI.";
  const differences = registered.map((uri) => findDifferences(sent, uri));
  const fewest = differences.reduce((best, next) => (next.length < best.length ? next : best));
  if (fewest.length === 0) return "The redirect_uri is registered.";
  if (registered.length > 1 && fewest.includes("host"))
    return "The redirect_uri resembles none of the registered ones.";
  return `The redirect_uri differs from the registered one in the ${joinWords(fewest)}.`;
}

interface Rule {
  readonly problem: string;
  readonly breaks: (uri: string, parts: UriParts) => boolean;
  readonly sentence: string;
}

const maximumLength = 2_000;

/** In order: the first that breaks is what the person reads. */
const rules: readonly Rule[] = [
  {
    problem: "missing",
    breaks: (uri) => uri === "",
    sentence: "Enter a redirect URI, such as https://app.example/callback.",
  },
  {
    problem: "too_long",
    breaks: (uri) => uri.length > maximumLength,
    sentence: "The redirect URI is longer than 2,000 characters; use a shorter one.",
  },
  {
    problem: "characters",
    breaks: (uri) => /[^\x21-\x7e]/.test(uri),
    sentence:
      "The redirect URI has a space, a control character or a letter outside ASCII; remove it or percent-encode it.",
  },
  {
    problem: "backslash",
    breaks: (uri) => uri.includes("\\"),
    sentence: "The redirect URI has a backslash; use / instead.",
  },
  {
    problem: "wildcard",
    breaks: (uri) => uri.includes("*"),
    sentence: "Wildcards do not work here; register every redirect URI in full.",
  },
  {
    problem: "fragment",
    breaks: (_, { fragment }) => fragment !== undefined,
    sentence: "A redirect URI cannot have a # part; remove it.",
  },
  {
    problem: "relative",
    breaks: (_, { scheme }) => scheme === "",
    sentence: "The redirect URI must be complete, such as https://app.example/callback.",
  },
  {
    problem: "scheme_case",
    breaks: (_, { scheme }) => scheme !== scheme.toLowerCase(),
    sentence: "Write the part before the colon in small letters.",
  },
  {
    problem: "scheme",
    breaks: (_, { scheme }) => !isWeb(scheme) && !isReverseDomain(scheme),
    sentence:
      "Use https, http for this machine only, or an application's own scheme that is a domain name backwards, such as com.example.app:/callback.",
  },
  {
    problem: "host_missing",
    breaks: (_, { scheme, host }) => isWeb(scheme) && host === "",
    sentence: "The redirect URI names no host; write it like https://app.example/callback.",
  },
  {
    problem: "user_info",
    breaks: (_, { authority }) => authority?.includes("@") === true,
    sentence: "A redirect URI cannot have a name or password before the host; remove everything up to the @.",
  },
  {
    problem: "port",
    breaks: (_, { port }) => port !== undefined && !isPort(port),
    sentence: "The port must be a number from 1 to 65535; correct it or leave it out.",
  },
  {
    problem: "insecure",
    breaks: (_, { scheme, host }) => scheme === "http" && !loopbackHosts.includes(host),
    sentence: "Use https; http is only for 127.0.0.1, [::1] and localhost.",
  },
  {
    problem: "host",
    breaks: (uri, { scheme, host }) => isWeb(scheme) && hostAsRead(uri) !== host.toLowerCase(),
    sentence: "The host of the redirect URI is not one that browsers read as written; spell it out plainly.",
  },
  {
    problem: "dot_segments",
    breaks: (_, { path }) => /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path),
    sentence: "The path has a . or .. step, which browsers remove; write the path they lead to.",
  },
  {
    problem: "percent",
    breaks: (uri) => /%(?![0-9A-Fa-f]{2})/.test(uri),
    sentence: "The redirect URI has a % that starts no percent-encoding; write it as %25.",
  },
  {
    problem: "reserved_name",
    breaks: (_, { query }) => query?.split("&").some(isResponseName) === true,
    sentence:
      "The query of a redirect URI cannot contain code, state, iss, error or scope, since the answer does; rename it.",
  },
];

function isWeb(scheme: string): boolean {
  return scheme === "https" || scheme === "http";
}

/** Private-use schemes are domain names backwards, so that two applications never share one (RFC 8252, 7.1). */
function isReverseDomain(scheme: string): boolean {
  return /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+$/.test(scheme);
}

/** `https://127.1` and full-width letters name another host than they show. */
function hostAsRead(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).hostname : undefined;
}

function findDifferences(sent: string, registered: string): string[] {
  if (sent === registered) return [];
  const a = splitUri(sent);
  const b = splitUri(registered);
  const found: string[] = [];
  const compare = (name: string, left: string | undefined, right: string | undefined): void => {
    if (left === right) return;
    found.push(left?.toLowerCase() === right?.toLowerCase() ? `case of the ${name}` : name);
  };
  compare("scheme", a.scheme, b.scheme);
  compare("host", a.host, b.host);
  compare("port", a.port, b.port);
  if (a.path !== b.path && withoutSlash(a.path) === withoutSlash(b.path)) found.push("trailing slash");
  else compare("path", a.path, b.path);
  compare("query", a.query, b.query);
  compare("fragment", a.fragment, b.fragment);
  return found.length === 0 ? ["part before the host"] : found;
}

function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", the ")} and the ${last}`;
}
