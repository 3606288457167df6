import type { Parameters } from "@codegrant/protocol";
import { InputError } from "../actions/input-error.ts";
import { signUp } from "../actions/sign-up.ts";
import { findUser } from "../actions/users.ts";
import {
  type Browser,
  basePathOf,
  frameOf,
  pageMessage,
  readBrowser,
  redirectMessage,
  startSession,
  withBrowserId,
} from "../browser.ts";
import { formatFormToken, isOurForm, readForm } from "../form.ts";
import { markKnownBrowser } from "../known-browser.ts";
import { networkOf } from "../limits/network-of.ts";
import { type Endpoint, isRead, type Message, type RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type SignUpView, signUpPage } from "../pages/index.ts";
import { minimumPasswordCharacters } from "../passwords.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { User } from "../records.ts";
import { siteOf } from "../site.ts";
import { parseQuery } from "./authorization-target.ts";
import { signInLimited } from "./limited-sign-in.ts";
import { orBusy } from "./or-busy.ts";

/** Where strangers make accounts, if the settings let them; they go on at the address that sent them here. */
export function signUpEndpoint(platform: Platform): Endpoint {
  return async (request) => {
    if (!isRead(request) && request.method !== "POST")
      throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const browser = await readBrowser(platform, request);
    if (browser.signedIn !== undefined) return redirectMessage(returnAddressOf(platform, request));
    if (request.method === "GET") return signUpMessage(platform, request, browser);
    const form = readForm(request);
    if (!isOurForm(platform, browser, request, form))
      return signUpMessage(platform, request, browser, { login: form.get("login"), problem: { kind: "formExpired" } });
    return answerSignUp(platform, request, browser, form);
  };
}

async function answerSignUp(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  form: Parameters,
): Promise<Message> {
  const login = form.get("login") ?? "";
  const waitSeconds = waitBeforeSignUp(platform, request);
  if (waitSeconds > 0)
    return signUpMessage(platform, request, browser, { login, problem: { kind: "tooManyTries", waitSeconds } });
  // Before the hash, so that many side by side are as many; and whatever comes of it, since a refusal tells who is here.
  countSignUp(platform, request);
  const typed = { login, password: form.get("password") ?? "" };
  try {
    const user = await orBusy(() => signUp(forRequest(platform, request), typed));
    return await welcome(platform, request, browser, user);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const user = await findOwner(platform, request, browser, typed);
    if (user !== undefined) return welcome(platform, request, browser, user);
    const problemOf = (field: string) => error.problems.find((problem) => problem.field === field)?.problem;
    const errors = { login: problemOf("login"), password: problemOf("password"), form: problemOf("form") };
    return signUpMessage(platform, request, browser, { login, errors });
  }
}

/**
 * Whoever has this very login and password: a form sent twice made the account the first time, and the browser shows
 * only the second answer. A guess here is slowed down as on the sign-in page.
 */
async function findOwner(
  platform: Platform,
  request: RequestRecord,
  browser: Browser,
  typed: { readonly login: string; readonly password: string },
): Promise<User | undefined> {
  if ((await findUser(platform, typed.login)) === undefined) return undefined;
  const answer = await signInLimited(platform, request, browser, typed);
  return "user" in answer ? answer.user : undefined;
}

async function welcome(platform: Platform, request: RequestRecord, browser: Browser, user: User): Promise<Message> {
  const { setCookies } = await startSession(platform, request, browser, user.id);
  const known = markKnownBrowser(platform, request, browser, user.login);
  return redirectMessage(returnAddressOf(platform, request), [...setCookies, ...known]);
}

function waitBeforeSignUp({ limits, now }: Platform, { remoteAddress }: RequestRecord): number {
  const byAddress = limits.signUps.waitSeconds(networkOf(remoteAddress), now());
  return Math.max(byAddress, limits.allSignUps.waitSeconds("all", now()));
}

/** Every one counts, since every one is a row: here alone successes are limited by default. */
function countSignUp({ limits, now }: Platform, { remoteAddress }: RequestRecord): void {
  limits.signUps.refuse(networkOf(remoteAddress), now());
  limits.allSignUps.refuse("all", now());
}

type Occasion = Pick<SignUpView, "login" | "errors" | "problem">;

function signUpMessage(
  platform: Platform,
  request: RequestRecord,
  stranger: Browser,
  occasion: Occasion = {},
): Message {
  const { browser, setCookies } = withBrowserId(platform, stranger);
  const html = signUpPage({
    ...frameOf(platform, request),
    csrf: formatFormToken(platform, browser, request),
    minimumLength: minimumPasswordCharacters,
    signInPath: returnAddressOf(platform, request),
    ...occasion,
  });
  const { problem, errors } = occasion;
  if (problem?.kind === "tooManyTries")
    return pageMessage(429, html, [...setCookies, "Retry-After", String(problem.waitSeconds)]);
  return pageMessage(problem === undefined ? (errors === undefined ? 200 : 400) : 403, html, setCookies);
}

/** Only ever an address of our own: whatever a browser would take for another host is left out (RFC 9700, 4.11). */
function returnAddressOf(platform: Platform, request: RequestRecord): string {
  const { origin, basePath } = siteOf(platform);
  const asked = parseQuery(request.query).get("return_to") ?? "";
  const usual = `${basePathOf(platform)}/settings/connections`;
  if (!asked.startsWith(`${basePath}/`) || !URL.canParse(asked, origin)) return usual;
  const url = new URL(asked, origin);
  // `/..//host` is ours until the dots are worked out.
  const isOurs = url.origin === origin && url.pathname.startsWith(`${basePath}/`) && !url.pathname.startsWith("//");
  return isOurs ? `${url.pathname}${url.search}` : usual;
}
