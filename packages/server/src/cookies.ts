import type { RequestRecord } from "./message.ts";
import { PageError } from "./page-error.ts";
import type { Platform } from "./platform.ts";

/**
 * The value of one of our cookies. Two values under one name may come from a sibling host: neither is believed, and the
 * request ends in a `PageError`.
 */
export function readCookie(platform: Platform, request: RequestRecord, what: CookieUse): string | undefined {
  const start = `${cookieName(platform, what)}=`;
  const values = (request.header("cookie") ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start))
    .map((pair) => pair.slice(start.length));
  if (values.length > 1) throw new PageError(400, "twoSessions");
  return values[0] || undefined;
}

/** A `Set-Cookie` header, name and value; a lifetime of 0 removes the cookie. */
export function formatCookie(
  platform: Platform,
  what: CookieUse,
  value: string,
  lifetimeSeconds: number,
): readonly string[] {
  const secure = platform.settings.issuer.startsWith("https:") ? "; Secure" : "";
  const name = cookieName(platform, what);
  return ["Set-Cookie", `${name}=${value}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=Lax${secure}`];
}

export type CookieUse = "session" | "browser" | "fresh" | "known";

/**
 * `__Host-` keeps sibling hosts from setting ours. Over http on loopback plain names: HTTP clients return no Secure
 * cookie there; with the port in them, since cookies do not keep two servers on one host apart.
 */
function cookieName(platform: Platform, what: CookieUse): string {
  const { protocol, port } = new URL(platform.settings.issuer);
  return protocol === "https:" ? `__Host-codegrant-${what}` : `codegrant-${what}${port && `-${port}`}`;
}
