import { hash, timingSafeEqual } from "node:crypto";
import { OAuthError, type Parameters, parseParameters } from "@codegrant/protocol";
import type { Message, RequestRecord } from "./message.ts";
import { PageError } from "./page-error.ts";
import { en, type Frame, pageHeaders } from "./pages/index.ts";
import type { Platform } from "./platform.ts";
import type { SignedIn } from "./store.ts";

/** What the cookies of a request say about the browser that sent it. */
export interface Browser {
  /** Random, set with the first page: ties a form to this browser before anyone is signed in. */
  readonly id: string | undefined;
  readonly sessionHash: Uint8Array | undefined;
  readonly signedIn: SignedIn | undefined;
}

/** Reads the session behind the cookie. Throws a `PageError` when two cookies come under our name. */
export async function readBrowser(platform: Platform, request: RequestRecord): Promise<Browser> {
  const names = cookieNames(platform);
  const cookies = request.header("cookie") ?? "";
  const secret = readCookie(cookies, names.session);
  const sessionHash = secret === undefined ? undefined : hash("sha256", secret, "buffer");
  const signedIn = sessionHash && (await platform.store.findSession(sessionHash, platform.now()));
  return { id: readCookie(cookies, names.browser), sessionHash, signedIn };
}

/** Signs the browser in under a new secret; an earlier session of this browser ends (session fixation). */
export async function startSession(platform: Platform, browser: Browser, userId: string): Promise<readonly string[]> {
  if (browser.sessionHash !== undefined) await platform.store.endSession(browser.sessionHash);
  const secret = Buffer.from(platform.random(32)).toString("base64url");
  const now = platform.now();
  const lifetimeSeconds = platform.settings.sessionLifetimeSeconds;
  await platform.store.createSession({
    secretHash: hash("sha256", secret, "buffer"),
    userId,
    createdAt: now,
    expiresAt: now + lifetimeSeconds,
  });
  return ["Set-Cookie", formatCookie(platform, cookieNames(platform).session, secret, lifetimeSeconds)];
}

export async function endSession(platform: Platform, browser: Browser): Promise<readonly string[]> {
  if (browser.sessionHash !== undefined) await platform.store.endSession(browser.sessionHash);
  return ["Set-Cookie", formatCookie(platform, cookieNames(platform).session, "", 0)];
}

/**
 * The anti-forgery token of a form: good for this browser, this session, this address (path and query) and what the
 * form itself fixes. Derived, so nothing is stored for a page that is only looked at.
 */
export function formatFormToken(platform: Platform, browser: Browser, request: RequestRecord, fixed = ""): string {
  return formTagOf(platform, browser, `${request.path}?${request.query}`, fixed);
}

/** As `formatFormToken`, for a form that posts to another path. */
export function formatFormTokenFor(platform: Platform, browser: Browser, path: string): string {
  return formTagOf(platform, browser, `${path}?`, "");
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
  const expected = Buffer.from(formatFormToken(platform, browser, request, fixed));
  const given = Buffer.from(form.get("csrf") ?? "");
  return browser.id !== undefined && given.length === expected.length && timingSafeEqual(given, expected);
}

/** The fields of a posted form. Throws a `PageError` for anything that no form of ours sends. */
export function readForm(request: RequestRecord): Parameters {
  const type = (request.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new PageError(400, "badRequest");
  try {
    return parseParameters(request.body);
  } catch (error) {
    if (error instanceof OAuthError) throw new PageError(400, "badRequest", { detail: error.message });
    throw error;
  }
}

/** A page, with the headers that every page has. A browser without an id is given one. */
export function pageMessage(status: number, html: string, setCookies: readonly string[] = []): Message {
  return { status, headers: [...pageHeaders.flat(), ...setCookies], body: html };
}

/** 303, so that a password or decision is never posted on (RFC 9700, 4.12). */
export function redirectMessage(location: string, setCookies: readonly string[] = []): Message {
  return {
    status: 303,
    headers: ["Location", location, "Cache-Control", "no-store", "Referrer-Policy", "same-origin", ...setCookies],
    body: "",
  };
}

/** What is around every page. `browser` is the one the page is for; see `withBrowserId`. */
export function frameOf(platform: Platform, request: RequestRecord, browser?: Browser): Frame {
  const user = browser?.signedIn?.user;
  return {
    platform: { name: platform.settings.name, footer: platform.settings.footer },
    words: en,
    requestId: request.requestId,
    basePath: basePathOf(platform),
    ...(browser !== undefined &&
      user !== undefined && {
        signedInAs: { login: user.login, displayName: user.displayName },
        signOut: { path: `${basePathOf(platform)}/sign-out`, csrf: formatFormTokenFor(platform, browser, "/sign-out") },
      }),
  };
}

/** The browser with an id, and the cookie that gives it one if it had none. Call before drawing a form. */
export function withBrowserId(
  platform: Platform,
  browser: Browser,
): { browser: Browser; setCookies: readonly string[] } {
  if (browser.id !== undefined) return { browser, setCookies: [] };
  const id = Buffer.from(platform.random(16)).toString("base64url");
  const cookie = formatCookie(platform, cookieNames(platform).browser, id, browserCookieSeconds);
  return { browser: { ...browser, id }, setCookies: ["Set-Cookie", cookie] };
}

export function basePathOf(platform: Platform): string {
  const { pathname } = new URL(platform.settings.issuer);
  return pathname === "/" ? "" : pathname;
}

const browserCookieSeconds = 365 * 86_400;

function formTagOf(platform: Platform, browser: Browser, address: string, fixed: string): string {
  const session = browser.signedIn === undefined ? "" : Buffer.from(browser.sessionHash ?? []).toString("base64url");
  const text = JSON.stringify([browser.id ?? "", session, address, fixed]);
  return platform.keys.current.formTag(Buffer.from(text)).toString("base64url");
}

/**
 * A foreign page cannot post our forms. Plain HTTP clients send neither header and are let through: they hold the
 * anti-forgery token or they do not.
 */
function checkOrigin(platform: Platform, request: RequestRecord): void {
  const origin = request.header("origin");
  const isOurs = origin === undefined || origin === new URL(platform.settings.issuer).origin;
  const site = request.header("sec-fetch-site");
  if (!isOurs || site === "cross-site" || site === "same-site") throw new PageError(403, "foreignForm");
}

interface CookieNames {
  readonly session: string;
  readonly browser: string;
}

/**
 * `__Host-` keeps sibling hosts from setting ours. Over http on loopback plain names: HTTP clients return no Secure
 * cookie there; with the port in them, since cookies do not keep two servers on one host apart.
 */
function cookieNames(platform: Platform): CookieNames {
  const { protocol, port } = new URL(platform.settings.issuer);
  const name = (what: string): string =>
    protocol === "https:" ? `__Host-codegrant-${what}` : `codegrant-${what}${port && `-${port}`}`;
  return { session: name("session"), browser: name("browser") };
}

function formatCookie(platform: Platform, name: string, value: string, lifetimeSeconds: number): string {
  const secure = platform.settings.issuer.startsWith("https:") ? "; Secure" : "";
  return `${name}=${value}; Path=/; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** Two values under one name may come from a sibling host: neither is believed. */
function readCookie(header: string, name: string): string | undefined {
  const values = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  if (values.length > 1) throw new PageError(400, "twoSessions");
  return values[0] || undefined;
}
