import { findResetLink, redeemResetLink } from "../actions/password-changes.ts";
import {
  basePathOf,
  endSession,
  frameOf,
  pageMessage,
  readBrowser,
  redirectMessage,
  withBrowserId,
} from "../browser.ts";
import { formatFormToken, isOurForm, readForm } from "../form.ts";
import { type Endpoint, isRead, type Message, type RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type PasswordResetView, passwordResetDonePage, passwordResetPage, signedOutPage } from "../pages/index.ts";
import { findPasswordProblem, minimumPasswordCharacters } from "../passwords.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { User } from "../records.ts";
import { parseQuery } from "./authorization-target.ts";
import { orBusy } from "./or-busy.ts";

/** Behind a link that is good once. Looking at the page spends nothing: mail programs and scanners look too. */
export function passwordEndpoint(platform: Platform): Endpoint {
  return async (request) => {
    if (request.method === "POST") return answerNewPassword(platform, request);
    if (!isRead(request)) throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const { user } = await findLink(platform, request);
    return resetMessage(platform, request, user);
  };
}

async function answerNewPassword(platform: Platform, request: RequestRecord): Promise<Message> {
  const form = readForm(request);
  const browser = await readBrowser(platform, request);
  const { link, user } = await findLink(platform, request);
  if (!isOurForm(platform, browser, request, form)) return resetMessage(platform, request, user, "formExpired");
  const password = form.get("password") ?? "";
  const problem = findPasswordProblem(password);
  // A form is UTF-8, which has no half characters: whoever sends one is no page of ours.
  if (problem === "malformed") throw new PageError(400, "badRequest");
  if (problem !== undefined) return resetMessage(platform, request, user, problem);
  const changed = await orBusy(() => redeemResetLink(forRequest(platform, request), link, password));
  if (changed === undefined) throw deadLink();
  // Whoever was signed in here is not any more, if it was the same user: the frame says nothing about it.
  return pageMessage(200, passwordResetDonePage({ ...frameOf(platform, request), login: changed.login }));
}

async function findLink(platform: Platform, request: RequestRecord): Promise<{ link: string; user: User }> {
  const link = parseQuery(request.query).get("link");
  const user = link === undefined ? undefined : await findResetLink(platform, link);
  if (link === undefined || user === undefined) throw deadLink();
  return { link, user };
}

function deadLink(): PageError {
  return new PageError(404, "resetLinkDead");
}

async function resetMessage(
  platform: Platform,
  request: RequestRecord,
  user: User,
  problem?: PasswordResetView["problem"],
): Promise<Message> {
  const { browser, setCookies } = withBrowserId(platform, await readBrowser(platform, request));
  const html = passwordResetPage({
    ...frameOf(platform, request),
    csrf: formatFormToken(platform, browser, request),
    login: user.login,
    problem,
    minimumLength: minimumPasswordCharacters,
  });
  return pageMessage(problem === undefined ? 200 : problem === "formExpired" ? 403 : 400, html, setCookies);
}

/** Signs out by POST alone, so that no link and no image can; GET is what one sees afterwards. */
export function signOutEndpoint(platform: Platform): Endpoint {
  return async (request) => {
    if (request.method === "POST") return answerSignOut(platform, request);
    if (!isRead(request)) throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const { signedIn } = await readBrowser(platform, request);
    if (signedIn !== undefined) return redirectMessage(`${basePathOf(platform)}/`);
    return pageMessage(200, signedOutPage(frameOf(platform, request)));
  };
}

async function answerSignOut(platform: Platform, request: RequestRecord): Promise<Message> {
  const form = readForm(request);
  const browser = await readBrowser(platform, request);
  const mayEnd = isOurForm(platform, browser, request, form);
  // Signed out already, in another tab or by time: what was asked for is so.
  if (!mayEnd && browser.signedIn !== undefined) throw new PageError(403, "formExpired");
  const setCookies = await endSession(platform, browser);
  return redirectMessage(`${basePathOf(platform)}/sign-out`, setCookies);
}
