import { FlowError } from "@codegrant/protocol";
import { hashText } from "../sha256.ts";

/**
 * Binds a login under way to the browser that began it (RFC 9700, 4.7). One value for all logins of a browser, since
 * each has a state of its own; it opens nothing by itself.
 */
export interface BrowserCookie {
  readonly value: string;
  readonly hash: string;
}

const plainName = "codegrant-browser";
const secureName = `__Host-${plainName}`;

/** The browser's own value if it has exactly one that is well-formed. */
export function readBrowserCookie(request: Request, redirectUri: string): BrowserCookie | undefined {
  const name = nameFor(redirectUri);
  const values = (request.headers.get("cookie") ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  // Two under one name: somebody else's page has set one of them.
  if (values.length > 1)
    throw new FlowError("ERR_STATE_MISMATCH", `The browser has two cookies under our name. ${mend}`);
  const [value = ""] = values;
  return /^[A-Za-z0-9_-]{43}$/.test(value) ? browserCookie(value) : undefined;
}

const mend = "Delete this site's cookies, then start again.";

export function browserCookie(value: string): BrowserCookie {
  return { value, hash: hashText(`browser ${value}`) };
}

/** Lax, since the provider's redirect comes from another site; None where it is a form that the other site posts. */
export function formatBrowserCookie(
  { value }: BrowserCookie,
  redirectUri: string,
  { lifetimeSeconds, isForPost }: { readonly lifetimeSeconds: number; readonly isForPost: boolean },
): string {
  const secure = isSecure(redirectUri) ? "; Secure" : "";
  const sameSite = isForPost && isSecure(redirectUri) ? "None" : "Lax";
  return `${nameFor(redirectUri)}=${value}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=${sameSite}${secure}`;
}

/** By the registered address: behind a proxy the request itself may look like plain http. */
function isSecure(redirectUri: string): boolean {
  return redirectUri.startsWith("https:");
}

function nameFor(redirectUri: string): string {
  return isSecure(redirectUri) ? secureName : plainName;
}
