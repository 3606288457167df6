import type { Parameters } from "@codegrant/protocol";
import {
  type Browser,
  basePathOf,
  frameOf,
  pageMessage,
  readBrowser,
  redirectMessage,
  type SignedInBrowser,
  startSession,
  withBrowserId,
} from "../browser.ts";
import { formatFormToken, isOurForm, readForm } from "../form.ts";
import { markFreshSignIn } from "../fresh-sign-in.ts";
import { markKnownBrowser } from "../known-browser.ts";
import type { Message, RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type SignInProblem, signInPage } from "../pages/index.ts";
import type { Platform } from "../platform.ts";
import { addressOf, hostSignInMessage } from "./host-sign-in.ts";
import { signInLimited } from "./limited-sign-in.ts";

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
  /** The request asked for a sign-in of its own (`prompt=login`). */
  readonly mustBeFresh?: boolean;
  /** A form that found nobody signed in: it goes along in the page, so that nobody types it twice. */
  readonly kept?: string | undefined;
  /** The page on which a kept form stands again, for whoever has signed in now. */
  readonly showKept?: (browser: SignedInBrowser, kept: string) => Promise<Message>;
}

/** Longer forms are typed again: the page that carries one is posted too. */
const maximumKeptCharacters = 16_384;

/** What a person typed into a form that found nobody signed in. Not for forms with passwords. */
export function keep({ body }: RequestRecord): Pick<SignInOccasion, "kept"> {
  return body.length <= maximumKeptCharacters ? { kept: body } : {};
}

export function signInMessage(
  platform: Platform,
  request: RequestRecord,
  stranger: Browser,
  occasion: SignInOccasion = {},
): Message {
  if (platform.accounts !== undefined) return hostSignInMessage(platform, request, stranger, occasion);
  const { browser, setCookies } = withBrowserId(platform, { ...stranger, signedIn: undefined });
  const { settings } = platform;
  const html = signInPage({
    ...frameOf(platform, request),
    csrf: formatFormToken(platform, browser, request),
    hint: settings.signInHint,
    passwordHelp: settings.passwordHelp,
    ...(settings.signUp !== undefined && { signUpPath: signUpPathOf(platform, request) }),
    ...occasion,
  });
  return pageMessage(statusOf(occasion.problem), html, [...setCookies, ...retryAfter(occasion.problem)]);
}

/** Whoever has no account yet comes back to this very request afterwards. */
function signUpPathOf(platform: Platform, request: RequestRecord): string {
  return `${basePathOf(platform)}/sign-up?return_to=${encodeURIComponent(addressOf(request))}`;
}

function statusOf(problem: SignInProblem | undefined): number {
  if (problem === undefined) return 200;
  return problem.kind === "tooManyTries" ? 429 : 403;
}

function retryAfter(problem: SignInProblem | undefined): readonly string[] {
  return problem?.kind === "tooManyTries" ? ["Retry-After", String(problem.waitSeconds)] : [];
}

/** Whether a form is an answer to the sign-in page. */
export function isSignInForm(form: Parameters): boolean {
  return form.has("login") || form.has("password");
}

/** For a form that found nobody signed in: nothing of it was done. */
export function signedOutOccasion(form: Parameters | undefined): SignInOccasion {
  return form === undefined ? {} : { problem: { kind: "signedOut" } };
}

/** For a page that has no form but this one. */
export async function answerSignInPage(platform: Platform, request: RequestRecord): Promise<Message> {
  const form = readForm(request);
  const browser = await readBrowser(platform, request);
  if (isSignInForm(form)) return answerSignIn(platform, request, browser, form);
  throw new PageError(400, "badRequest");
}

/** A right login and password end at the same address again, signed in. */
export async function answerSignIn(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  form: Parameters,
  occasion: SignInOccasion = {},
): Promise<Message> {
  const login = form.get("login") ?? "";
  const kept = form.get("kept");
  const tryAgain = (problem: SignInProblem): Message =>
    signInMessage(platform, request, browser, { ...occasion, problem, login, kept });
  // A host keeps its passwords: whoever posts one here has no page of ours.
  if (platform.accounts !== undefined) return tryAgain({ kind: "formExpired" });
  if (!isOurForm(platform, { ...browser, signedIn: undefined }, request, form))
    return tryAgain({ kind: "formExpired" });
  const signedIn = await signInLimited(platform, request, browser, { login, password: form.get("password") ?? "" });
  if ("problem" in signedIn) return tryAgain(signedIn.problem);
  const { user } = signedIn;
  const { sessionHash, setCookies } = await startSession(platform, request, browser, user.id);
  const cookies = [
    ...setCookies,
    ...markKnownBrowser(platform, request, browser, login),
    ...(occasion.mustBeFresh === true ? markFreshSignIn(platform, request, sessionHash) : []),
  ];
  const seen = { ...browser, sessionHash, signedIn: { user } };
  const page = kept === undefined ? undefined : await occasion.showKept?.(seen, kept).catch(nothingToShow);
  if (page === undefined) return redirectMessage(addressOf(request), cookies);
  return { ...page, status: 200, headers: [...page.headers, ...cookies] };
}

/** Somebody else signed in, whose the page is not: they get what the address has for them. */
function nothingToShow(error: unknown): undefined {
  if (!(error instanceof PageError)) throw error;
}
