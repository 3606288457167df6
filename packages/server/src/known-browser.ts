import type { Browser } from "./browser.ts";
import { formatCookie, readCookie } from "./cookies.ts";
import { accountKeyOf } from "./limits/account-key.ts";
import type { RequestRecord } from "./message.ts";
import type { Platform } from "./platform.ts";
import { isTagOf, type Key } from "./tokens/key-ring.ts";

/**
 * Whether this browser has signed in to this account before, by a signed cookie. Such a browser has a counter of its
 * own, so that nobody can lock an owner out by typing wrong passwords elsewhere.
 */
export function isKnownBrowser(platform: Platform, request: RequestRecord, browser: Browser, login: string): boolean {
  return tagsOf(platform, request).some((known) => isTagOf(known, platform.keys, (key) => tagOf(key, browser, login)));
}

/** The cookie that says so from now on; the accounts used last are kept. */
export function markKnownBrowser(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  login: string,
): readonly string[] {
  const tag = tagOf(platform.keys.current, browser, login);
  const others = tagsOf(platform, request)
    .map(String)
    .filter((known) => known !== tag);
  return formatCookie(platform, "known", [tag, ...others].slice(0, maximumAccounts).join("."), lifetimeSeconds);
}

const maximumAccounts = 5;
const lifetimeSeconds = 365 * 86_400;

function tagsOf(platform: Platform, request: RequestRecord): readonly Buffer[] {
  const value = readCookie(platform, request, "known");
  return value === undefined
    ? []
    : value
        .split(".")
        .slice(0, maximumAccounts)
        .map((tag) => Buffer.from(tag));
}

function tagOf(key: Key, browser: Browser, login: string): string {
  const text = JSON.stringify(["known browser", browser.id ?? "", accountKeyOf(login)]);
  return key.cookieTag(Buffer.from(text)).toString("base64url").slice(0, 22);
}
