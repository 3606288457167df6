import { signIn } from "../actions/users.ts";
import type { Browser } from "../browser.ts";
import { isKnownBrowser } from "../known-browser.ts";
import { accountKeyOf } from "../limits/account-key.ts";
import { networkOf } from "../limits/network-of.ts";
import type { RequestRecord } from "../message.ts";
import type { SignInProblem } from "../pages/index.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { User } from "../records.ts";
import { orBusy } from "./or-busy.ts";

/** The one way from a typed password to a user: as slow for whoever guesses here as for whoever guesses there. */
export async function signInLimited(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  typed: { readonly login: string; readonly password: string },
): Promise<{ readonly user: User } | { readonly problem: SignInProblem }> {
  const wait = findWait(platform, request, browser, typed.login);
  if (wait !== undefined) return { problem: wait };
  const user = await orBusy(() => signIn(forRequest(platform, request), typed));
  // Again, since many tries may have waited for their hash side by side: those after the last free one learn nothing.
  const waitNow = findWait(platform, request, browser, typed.login);
  if (waitNow !== undefined) return { problem: waitNow };
  if (user !== undefined) return { user };
  refuseSignIn(platform, request, browser, typed.login);
  return { problem: { kind: "wrongLoginOrPassword" } };
}

function findWait(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  login: string,
): SignInProblem | undefined {
  const waitSeconds = waitBeforeSignIn(platform, request, browser, login);
  if (waitSeconds === 0) return undefined;
  platform.log({ level: "warn", event: "user.signInSlowed", requestId: request.requestId });
  return { kind: "tooManyTries", waitSeconds };
}

/** A browser that was signed in to this account before is counted by itself, everyone else by account and address. */
function waitBeforeSignIn(platform: Platform, request: RequestRecord, browser: Browser, login: string): number {
  const { limits } = platform;
  const now = platform.now();
  if (isKnownBrowser(platform, request, browser, login))
    return limits.knownBrowser.waitSeconds(knownBrowserKeyOf(browser, login), now);
  const byAddress = limits.address.waitSeconds(networkOf(request.remoteAddress), now);
  return Math.max(limits.account.waitSeconds(accountKeyOf(login), now), byAddress);
}

function refuseSignIn(platform: Platform, request: RequestRecord, browser: Browser, login: string): void {
  const { limits } = platform;
  const now = platform.now();
  if (isKnownBrowser(platform, request, browser, login))
    limits.knownBrowser.refuse(knownBrowserKeyOf(browser, login), now);
  else {
    limits.account.refuse(accountKeyOf(login), now);
    limits.address.refuse(networkOf(request.remoteAddress), now);
  }
}

function knownBrowserKeyOf({ id }: Browser, login: string): string {
  return `${id} ${accountKeyOf(login)}`;
}
