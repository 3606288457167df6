import type { Browser } from "./browser.ts";
import { formatCookie, readCookie } from "./cookies.ts";
import type { RequestRecord } from "./message.ts";
import type { Platform } from "./platform.ts";
import { isTagOf, type Key } from "./tokens/key-ring.ts";

/**
 * `prompt=login` asks for a sign-in although there is a session. The request lives in its URL, so the sign-in that
 * answers it leaves a signed cookie for this session and this exact request: otherwise it would ask for ever. Showing
 * a page leaves the cookie; answering the request clears it.
 */
export function markFreshSignIn(
  platform: Platform,
  request: RequestRecord,
  sessionHash: Uint8Array,
): readonly string[] {
  const expiresAt = platform.now() + lifetimeSeconds;
  const value = `${expiresAt}.${tagOf(platform.keys.current, request, sessionHash, expiresAt)}`;
  return formatCookie(platform, "fresh", value, lifetimeSeconds);
}

export function isFreshSignIn(platform: Platform, request: RequestRecord, { sessionHash }: Browser): boolean {
  const [expiry = "", tag = ""] = (readCookie(platform, request, "fresh") ?? "").split(".");
  const expiresAt = Number(expiry);
  if (sessionHash === undefined || !/^\d{1,12}$/.test(expiry) || platform.now() >= expiresAt) return false;
  return isTagOf(tag, platform.keys, (key) => tagOf(key, request, sessionHash, expiresAt));
}

export function clearFreshSignIn(platform: Platform): readonly string[] {
  return formatCookie(platform, "fresh", "", 0);
}

const lifetimeSeconds = 600;

function tagOf(key: Key, request: RequestRecord, sessionHash: Uint8Array, expiresAt: number): string {
  const text = JSON.stringify([
    "fresh sign-in",
    Buffer.from(sessionHash).toString("base64url"),
    `${request.path}?${request.query}`,
    expiresAt,
  ]);
  return key.cookieTag(Buffer.from(text)).toString("base64url");
}
