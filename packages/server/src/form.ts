import { OAuthError, type Parameters, parseParameters } from "@codegrant/protocol";
import type { Browser } from "./browser.ts";
import type { RequestRecord } from "./message.ts";
import { PageError } from "./page-error.ts";
import type { Platform } from "./platform.ts";
import { siteOf } from "./site.ts";
import { isTagOf, type Key } from "./tokens/key-ring.ts";

/**
 * The anti-forgery token of a form: good for this browser, this session, this address (path and query) and what the
 * form itself fixes. Derived, so nothing is stored for a page that is only looked at.
 */
export function formatFormToken(platform: Platform, browser: Browser, request: RequestRecord, fixed = ""): string {
  return formTagOf(platform.keys.current, browser, addressOf(request), fixed);
}

/** As `formatFormToken`, for a form that posts to another path. */
export function formatFormTokenFor(platform: Platform, browser: Browser, path: string): string {
  return formTagOf(platform.keys.current, browser, `${path}?`, "");
}

/**
 * Whether this post is the form that we showed to this browser; if not, the page is best shown again, as expired.
 * Throws a `PageError` when it comes from a foreign page.
 */
export function isOurForm(
  platform: Platform,
  browser: Browser,
  request: RequestRecord,
  form: Parameters,
  fixed = "",
): boolean {
  checkOrigin(platform, request);
  if (browser.id === undefined) return false;
  const address = addressOf(request);
  return isTagOf(form.get("csrf") ?? "", platform.keys, (key) => formTagOf(key, browser, address, fixed));
}

/** The same for a form in which people write several lines: an end of line arrives as a space, and so does a tab. */
export function readFormWithLines(request: RequestRecord, body = request.body): Parameters {
  return readForm(request, body.replace(/%0D%0A|%0A|%0D|%09/gi, "+"));
}

/** The fields of a posted form. Throws a `PageError` for anything that no form of ours sends. */
export function readForm(request: RequestRecord, body = request.body): Parameters {
  if (request.bodyIsTooLarge) throw new PageError(413, "tooLarge");
  const type = (request.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new PageError(400, "badRequest");
  try {
    return parseParameters(body);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    if (error.reason === "parameters_too_long") throw new PageError(413, "tooLarge");
    throw new PageError(400, "unreadableForm", { detail: error.message });
  }
}

const addressOf = ({ path, query }: RequestRecord): string => `${path}?${query}`;

function formTagOf(key: Key, browser: Browser, address: string, fixed: string): string {
  const session = browser.signedIn === undefined ? "" : Buffer.from(browser.sessionHash ?? []).toString("base64url");
  const text = JSON.stringify([browser.id ?? "", session, address, fixed]);
  return key.formTag(Buffer.from(text)).toString("base64url");
}

/**
 * A foreign page cannot post our forms. Plain HTTP clients send neither header and are let through: they hold the
 * anti-forgery token or they do not.
 */
function checkOrigin(platform: Platform, request: RequestRecord): void {
  const origin = request.header("origin");
  const isOurs = origin === undefined || origin === siteOf(platform).origin;
  const site = request.header("sec-fetch-site");
  if (!isOurs || !ownSites.has(site)) throw new PageError(403, "foreignForm");
}

/** What a browser says of a form of ours (`none`: typed or reloaded), and what clients say that are no browsers. */
const ownSites: ReadonlySet<string | undefined> = new Set(["same-origin", "none", undefined]);
