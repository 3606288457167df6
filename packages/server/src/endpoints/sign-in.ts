import { OAuthError, type Parameters } from "@codegrant/protocol";
import { signIn } from "../actions/users.ts";
import {
  type Browser,
  formatFormToken,
  frameOf,
  isOurForm,
  pageMessage,
  redirectMessage,
  startSession,
  withBrowserId,
} from "../browser.ts";
import type { Message, RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type SignInProblem, signInPage } from "../pages/index.ts";
import type { Platform } from "../platform.ts";

/**
 * Signing in happens at the address that needs it: the page posts back to itself and the answer is the same address
 * again, now with a session. So there is no return address that anyone could forge.
 */
export interface SignInOccasion {
  /** The application that sent the user here. */
  readonly application?: string;
  readonly problem?: SignInProblem;
  /** As typed before. */
  readonly login?: string | undefined;
}

export function signInMessage(
  platform: Platform,
  request: RequestRecord,
  stranger: Browser,
  occasion: SignInOccasion = {},
): Message {
  const { browser, setCookies } = withBrowserId(platform, { ...stranger, signedIn: undefined });
  const { settings } = platform;
  const html = signInPage({
    ...frameOf(platform, request),
    csrf: formatFormToken(platform, browser, request),
    hint: settings.signInHint,
    passwordHelp: settings.passwordHelp,
    ...occasion,
  });
  return pageMessage(occasion.problem === undefined ? 200 : 403, html, setCookies);
}

/** Whether a form is an answer to the sign-in page. */
export function isSignInForm(form: Parameters): boolean {
  return form.has("login") || form.has("password");
}

/** `address` is the path and query that the page stood at. */
export async function answerSignIn(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  form: Parameters,
  occasion: SignInOccasion = {},
): Promise<Message> {
  const login = form.get("login");
  const tryAgain = (problem: SignInProblem): Message =>
    signInMessage(platform, request, browser, { ...occasion, problem, login });
  if (!isOurForm(platform, { ...browser, signedIn: undefined }, request, form))
    return tryAgain({ kind: "formExpired" });
  const user = await signInOrBusy(platform, { login: login ?? "", password: form.get("password") ?? "" });
  if (user === undefined) return tryAgain({ kind: "wrongLoginOrPassword" });
  return redirectMessage(addressOf(request), await startSession(platform, browser, user.id));
}

/** Sign-ins that queue for their hash stop nothing else; too many are sent away early. */
async function signInOrBusy(platform: Platform, typed: { login: string; password: string }) {
  try {
    return await signIn(platform, typed);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.status !== 503) throw error;
    throw new PageError(503, "unavailable", { waitSeconds: error.retryAfterSeconds ?? 1 });
  }
}

/** The same address again. Only our own routes get here, so the path is one of ours and never starts with `//`. */
export function addressOf(request: RequestRecord): string {
  return request.query === "" ? request.path : `${request.path}?${request.query}`;
}
