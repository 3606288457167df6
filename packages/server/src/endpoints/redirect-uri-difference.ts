import type { UriPart } from "../pages/index.ts";

/** Where a redirect URI parts from the registered one that it is nearest to, for the developer who has to mend it. */
export function redirectUriDifference(sent: string, registered: readonly string[]): UriPart | undefined {
  const parts = registered.map((uri) => firstDifference(sent, uri)).filter((part) => part !== undefined);
  return parts.toSorted((a, b) => nearness.indexOf(b) - nearness.indexOf(a))[0];
}

const nearness: readonly UriPart[] = ["scheme", "host", "port", "path", "query", "fragment", "trailingSlash"];

function firstDifference(sent: string, registered: string): UriPart | undefined {
  if (sent === `${registered}/` || `${sent}/` === registered) return "trailingSlash";
  const a = partsOf(sent);
  const b = partsOf(registered);
  return nearness.find((part) => part !== "trailingSlash" && a?.[part] !== b?.[part]);
}

/** RFC 3986, appendix B, with the port apart: compared as written, since that is how they are matched. */
function partsOf(uri: string): Partial<Record<UriPart, string | undefined>> | undefined {
  const match = /^([^:/?#]*):(?:\/\/([^/?#]*?)(?::(\d*))?(?=[/?#]|$))?([^?#]*)(\?[^#]*)?(#.*)?$/.exec(uri);
  if (match === null) return undefined;
  return { scheme: match[1], host: match[2], port: match[3], path: match[4], query: match[5], fragment: match[6] };
}
