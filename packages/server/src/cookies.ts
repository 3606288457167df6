import type { RequestRecord } from "./message.ts";
import { PageError } from "./page-error.ts";
import type { Platform } from "./platform.ts";
import { siteOf } from "./site.ts";

/**
 * The value of one of our cookies. Two values under one name may come from a sibling host: neither is believed, and the
 * request ends in a `PageError`.
 */
export function readCookie(platform: Platform, request: RequestRecord, what: CookieUse): string | undefined {
  const start = `${siteOf(platform).cookieName(what)}=`;
  const sent = request.header("cookie");
  if (sent === undefined || !sent.includes(start)) return undefined;
  const values = sent
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start));
  if (values.length > 1) throw new PageError(400, "twoSessions");
  return values[0]?.slice(start.length) || undefined;
}

/** A `Set-Cookie` header, name and value; a lifetime of 0 removes the cookie. */
export function formatCookie(
  platform: Platform,
  what: CookieUse,
  value: string,
  lifetimeSeconds: number,
): readonly string[] {
  const site = siteOf(platform);
  const name = site.cookieName(what);
  const secure = site.isSecure ? "; Secure" : "";
  return ["Set-Cookie", `${name}=${value}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=Lax${secure}`];
}

export type CookieUse = "session" | "browser" | "fresh" | "known";
