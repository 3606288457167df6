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

/** The same where a host signs in: the cookie says when it was asked to, so that no request sends people there twice. */
export function markHostAsked(platform: Platform, request: RequestRecord): readonly string[] {
  return markFreshSignIn(platform, request, noSession);
}

/** Whether the host was asked for a sign-in for this very request. */
export function isHostAsked(platform: Platform, request: RequestRecord): boolean {
  return expiryOf(platform, request, noSession) !== undefined;
}

export function isFreshSignIn(platform: Platform, request: RequestRecord, browser: Browser): boolean {
  const { sessionHash, authenticatedAt } = browser;
  if (platform.accounts === undefined) return expiryOf(platform, request, sessionHash) !== undefined;
  const expiresAt = expiryOf(platform, request, noSession);
  return expiresAt !== undefined && authenticatedAt !== undefined && authenticatedAt >= expiresAt - lifetimeSeconds;
}

/** A cookie for a host's sign-in is made before there is anybody it could be for. */
const noSession = new Uint8Array();

/** When the cookie for this session and request expires; undefined without one that is good. */
function expiryOf(platform: Platform, request: RequestRecord, sessionHash: Uint8Array | undefined): number | undefined {
  const [expiry = "", tag = ""] = (readCookie(platform, request, "fresh") ?? "").split(".");
  const expiresAt = Number(expiry);
  if (sessionHash === undefined || !/^\d{1,12}$/.test(expiry) || platform.now() >= expiresAt) return undefined;
  const isOurs = isTagOf(tag, platform.keys, (key) => tagOf(key, request, sessionHash, expiresAt));
  return isOurs ? expiresAt : undefined;
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
