import type { Parameters } from "@codegrant/protocol";
import { endSession, endSessions, idOf, listSessions, type SessionToShow } from "../actions/sessions.ts";
import { basePathOf, frameOf, pageMessage, readBrowser, redirectMessage, withBrowserId } from "../browser.ts";
import { formatFormToken, isOurForm, readForm } from "../form.ts";
import { type Endpoint, isRead, type Message } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type SessionsView, sessionsPage } from "../pages/index.ts";
import { forRequest, type Platform } from "../platform.ts";
import { parseQuery } from "./authorization-target.ts";
import type { ConnectionsVisit } from "./connections-page.ts";
import { answerSignIn, isSignInForm, signedOutOccasion, signInMessage } from "./sign-in.ts";

/** Where a user sees in which browsers they are signed in, and signs them out. */
export function sessionsEndpoint(platform: Platform): Endpoint {
  return async (request) => {
    if (!isRead(request) && request.method !== "POST")
      throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const form = request.method === "POST" ? readForm(request) : undefined;
    const browser = await readBrowser(platform, request);
    if (form !== undefined && isSignInForm(form)) return answerSignIn(platform, request, browser, form);
    const { signedIn } = browser;
    if (signedIn === undefined) return signInMessage(platform, request, browser, signedOutOccasion(form));
    const visit = { platform, request, browser, signedIn };
    if (form === undefined) return sessionsMessage(visit, parseQuery(request.query).get("done"));
    if (!isOurForm(platform, browser, request, form)) return sessionsMessage(visit, "formExpired");
    return answerForm(visit, form);
  };
}

/** The answer to a second press is the same: what it asked for is so. */
async function answerForm(visit: ConnectionsVisit, form: Parameters): Promise<Message> {
  const { request, signedIn, browser } = visit;
  const platform = forRequest(visit.platform, request);
  switch (form.get("action")) {
    case "end":
      await endSession(platform, signedIn.user.id, form.get("session") ?? "");
      break;
    case "end_others":
      await endSessions(platform, signedIn.user.id, browser.sessionHash);
      break;
    case undefined:
    default:
      throw new PageError(400, "badRequest");
  }
  return redirectMessage(`${basePathOf(platform)}/settings/sessions?done=ended`);
}

async function sessionsMessage(visit: ConnectionsVisit, told: string | undefined): Promise<Message> {
  const { platform, request, signedIn } = visit;
  const { browser, setCookies } = withBrowserId(platform, visit.browser);
  const { login, displayName } = signedIn.user;
  const thisId = browser.sessionHash && idOf({ secretHash: browser.sessionHash });
  const sessions = await listSessions(platform, signedIn.user.id);
  const done = doneOf(
    told,
    sessions.find(({ id }) => id === thisId),
    platform.now(),
  );
  const html = sessionsPage({
    ...frameOf(platform, request, browser),
    signedInAs: { login, displayName },
    csrf: formatFormToken(platform, browser, request),
    now: platform.now(),
    sessions: sessions.map(({ id, label, createdAt }) => ({ id, label, since: createdAt, isThis: id === thisId })),
    done,
  });
  return pageMessage(done?.kind === "formExpired" ? 403 : 200, html, setCookies);
}

/** The address alone is no proof, since anyone can send a link: a changed password leaves a session just made. */
function doneOf(told: string | undefined, current: SessionToShow | undefined, now: number): SessionsView["done"] {
  if (told === "formExpired") return { kind: "formExpired" };
  if (told === "ended") return { kind: "ended" };
  const isJustMade = current !== undefined && now - current.createdAt < 60;
  return told === "password" && isJustMade ? { kind: "passwordChanged" } : undefined;
}
