import type { Parameters } from "@codegrant/protocol";
import { InputError } from "../actions/input-error.ts";
import { changeOwnPassword } from "../actions/password-changes.ts";
import {
  basePathOf,
  drawSession,
  frameOf,
  pageMessage,
  readBrowser,
  redirectMessage,
  withBrowserId,
} from "../browser.ts";
import { formatFormToken, isOurForm, readForm } from "../form.ts";
import { type Endpoint, isRead, type Message } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type PasswordChangeView, passwordChangePage } from "../pages/index.ts";
import { minimumPasswordCharacters } from "../passwords.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { ConnectionsVisit } from "./connections-page.ts";
import { orBusy } from "./or-busy.ts";
import { answerSignIn, isSignInForm, signedOutOccasion, signInMessage } from "./sign-in.ts";

/** Where a signed-in user changes the password, with the one they have. */
export function passwordChangeEndpoint(platform: Platform): Endpoint {
  return async (request) => {
    if (!isRead(request) && request.method !== "POST")
      throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const form = request.method === "POST" ? readForm(request) : undefined;
    const browser = await readBrowser(platform, request);
    if (form !== undefined && isSignInForm(form)) return answerSignIn(platform, request, browser, form);
    const { signedIn } = browser;
    if (signedIn === undefined) return signInMessage(platform, request, browser, signedOutOccasion(form));
    const visit = { platform, request, browser, signedIn };
    if (form === undefined) return changeMessage(visit);
    if (!isOurForm(platform, browser, request, form)) return changeMessage(visit, { problem: { kind: "formExpired" } });
    return answerChange(visit, form);
  };
}

/** Whoever sits at a browser left open may try the current password no faster than at the sign-in page. */
async function answerChange(visit: ConnectionsVisit, form: Parameters): Promise<Message> {
  const { request, signedIn } = visit;
  const platform = forRequest(visit.platform, request);
  const limiter = platform.limits.account;
  const key = `change ${signedIn.user.id}`;
  const waitSeconds = limiter.waitSeconds(key, platform.now());
  if (waitSeconds > 0) return changeMessage(visit, { problem: { kind: "tooManyTries", waitSeconds } });
  // Before the hash, so that many tries side by side are as many; taken back by whoever knows the password.
  limiter.refuse(key, platform.now());
  const keepGrants = form.get("keep") === "grants";
  const { session, setCookies } = drawSession(platform, request, signedIn.user.id);
  try {
    await orBusy(() =>
      changeOwnPassword(platform, signedIn.user, {
        currentPassword: form.get("current_password") ?? "",
        newPassword: form.get("new_password") ?? "",
        keepGrants,
        newSession: session,
      }),
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const problemOf = (field: string) => error.problems.find((problem) => problem.field === field)?.problem;
    const errors = { current: problemOf("currentPassword"), new: problemOf("newPassword") };
    return changeMessage(visit, { errors, keepsGrants: keepGrants });
  }
  limiter.forgive(key);
  return redirectMessage(`${basePathOf(platform)}/settings/sessions?done=password`, setCookies);
}

type Occasion = Pick<PasswordChangeView, "errors" | "problem" | "keepsGrants">;

function changeMessage(visit: ConnectionsVisit, occasion: Occasion = {}): Message {
  const { platform, request, signedIn } = visit;
  const { browser, setCookies } = withBrowserId(platform, visit.browser);
  const { login, displayName } = signedIn.user;
  const html = passwordChangePage({
    ...frameOf(platform, request, browser),
    signedInAs: { login, displayName },
    csrf: formatFormToken(platform, browser, request),
    minimumLength: minimumPasswordCharacters,
    ...occasion,
  });
  const { problem, errors } = occasion;
  if (problem?.kind === "tooManyTries")
    return pageMessage(429, html, [...setCookies, "Retry-After", String(problem.waitSeconds)]);
  return pageMessage(problem === undefined ? (errors === undefined ? 200 : 400) : 403, html, setCookies);
}
