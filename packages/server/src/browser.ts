import { type HostAccounts, type HostSignIn, isHostUser, recordOfHostUser } from "./accounts.ts";
import { browserLabelOf } from "./browser-label.ts";
import { formatCookie, readCookie } from "./cookies.ts";
import { formatFormTokenFor } from "./form.ts";
import { lookOf } from "./look.ts";
import type { Message, RequestRecord } from "./message.ts";
import { PageError } from "./page-error.ts";
import { en, type Frame, pageHeaders } from "./pages/index.ts";
import type { Platform } from "./platform.ts";
import type { Session } from "./records.ts";
import { siteOf } from "./site.ts";
import type { SignedIn } from "./store.ts";
import { sha256 } from "./tokens/sha256.ts";

/** What the cookies of a request say about the browser that sent it. */
export interface Browser {
  /** Random, set with the first page: ties a form to this browser before anyone is signed in. */
  readonly id: string | undefined;
  readonly sessionHash: Uint8Array | undefined;
  readonly signedIn: SignedInPerson | undefined;
  /** Where a host's users sign in; absent for users of our own. */
  readonly hostSignIn?: HostSignIn | undefined;
  /** When a host's user signed in, if the host tells. */
  readonly authenticatedAt?: number | undefined;
}

export type SignedInPerson = Pick<SignedIn, "user">;

export type SignedInBrowser = Browser & { readonly signedIn: SignedInPerson };

export function isSignedIn(browser: Browser): browser is SignedInBrowser {
  return browser.signedIn !== undefined;
}

/**
 * Reads the session behind the cookie, or asks the host whose users they are. Throws a `PageError` when two cookies come
 * under our name.
 */
export async function readBrowser(platform: Platform, request: RequestRecord): Promise<Browser> {
  if (platform.accounts !== undefined) return readHostBrowser(platform, request, platform.accounts);
  const secret = readCookie(platform, request, "session");
  const sessionHash = secret === undefined ? undefined : sha256(secret);
  const found = sessionHash && (await platform.store.findSession(sessionHash, platform.now()));
  // Disabled while signed in: a stranger at once, whatever becomes of the session.
  const signedIn = found?.user.disabled === true ? undefined : found;
  return { id: readCookie(platform, request, "browser"), sessionHash, signedIn };
}

/** Forms are tied to the host's user, and to the host's session where it has a name. */
async function readHostBrowser(platform: Platform, request: RequestRecord, accounts: HostAccounts): Promise<Browser> {
  const id = readCookie(platform, request, "browser");
  const answer = await accounts.authenticate(request);
  if (!isHostUser(answer)) return { id, sessionHash: undefined, signedIn: undefined, hostSignIn: answer };
  const user = await recordOfHostUser(platform, answer);
  const sessionHash = sha256(JSON.stringify(["host", answer.id, answer.sessionId ?? ""]));
  const { authenticatedAt } = answer;
  if (user.disabled) throw new PageError(403, "forbidden", { detail: "the host disabled the user" });
  return { id, sessionHash, signedIn: { user }, hostSignIn: accounts.signInAgain, authenticatedAt };
}

/** Signs the browser in under a new secret; an earlier session of this browser ends (session fixation). */
export async function startSession(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  userId: string,
): Promise<StartedSession> {
  if (browser.sessionHash !== undefined) await platform.store.endSession(browser.sessionHash);
  const { session, setCookies } = drawSession(platform, request, userId);
  await platform.store.createSession(session);
  return { sessionHash: session.secretHash, setCookies };
}

export interface StartedSession {
  readonly sessionHash: Uint8Array;
  readonly setCookies: readonly string[];
}

/** A session that is still to be kept, and the cookie for it. */
export function drawSession(platform: Platform, request: RequestRecord, userId: string) {
  const secret = Buffer.from(platform.random(32)).toString("base64url");
  const lifetimeSeconds = platform.settings.sessionLifetimeSeconds;
  const now = platform.now();
  const label = browserLabelOf(request.header("user-agent"));
  const session: Session = {
    secretHash: sha256(secret),
    userId,
    createdAt: now,
    expiresAt: now + lifetimeSeconds,
    ...(label !== undefined && { label }),
  };
  return { session, setCookies: formatCookie(platform, "session", secret, lifetimeSeconds) };
}

export async function endSession(platform: Platform, browser: Browser): Promise<readonly string[]> {
  if (browser.sessionHash !== undefined) await platform.store.endSession(browser.sessionHash);
  return formatCookie(platform, "session", "", 0);
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
    platform: { name: platform.settings.name, footer: platform.settings.footer, look: lookOf(platform.settings) },
    words: en,
    requestId: request.requestId,
    basePath: basePathOf(platform),
    ...(browser !== undefined &&
      user !== undefined && {
        signedInAs: { login: user.login, displayName: user.displayName },
        // A host signs its users out itself.
        ...(platform.accounts === undefined && { signOut: signOutOf(platform, browser) }),
      }),
  };
}

function signOutOf(platform: Platform, browser: Browser) {
  const path = `${basePathOf(platform)}/sign-out`;
  return { path, csrf: formatFormTokenFor(platform, browser, path) };
}

/** The browser with an id, and the cookie that gives it one if it had none. Call before drawing a form. */
export function withBrowserId(
  platform: Platform,
  browser: Browser,
): { browser: Browser; setCookies: readonly string[] } {
  if (browser.id !== undefined) return { browser, setCookies: [] };
  const id = Buffer.from(platform.random(16)).toString("base64url");
  return { browser: { ...browser, id }, setCookies: formatCookie(platform, "browser", id, browserCookieSeconds) };
}

export const basePathOf = (platform: Platform): string => siteOf(platform).basePath;

const browserCookieSeconds = 365 * 86_400;
