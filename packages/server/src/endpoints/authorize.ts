import { type Dialect, OAuthError, type Parameters } from "@codegrant/protocol";
import { type Browser, endSession, readBrowser, redirectMessage } from "../browser.ts";
import { type ConsentDecision, chooseScopes, decideConsent } from "../decide/authorize.ts";
import { isOurForm, readForm } from "../form.ts";
import { isFreshSignIn } from "../fresh-sign-in.ts";
import type { Endpoint, Message, RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import type { Platform } from "../platform.ts";
import type { Consent } from "../records.ts";
import { approve, approveForm, atMostThreeTimes } from "./approval.ts";
import { refusedMessage } from "./authorization-answer.ts";
import { type Asked, parseAsked, promptIsNone } from "./authorization-asked.ts";
import { findTarget, parseQuery } from "./authorization-target.ts";
import { record, type Visit } from "./authorization-visit.ts";
import { consentMessage, optionalScopesOf, queryHashOf } from "./consent.ts";
import { addressOf, hostSignInAddress } from "./host-sign-in.ts";
import { answerSignIn, isSignInForm, type SignInOccasion, signInMessage } from "./sign-in.ts";

/**
 * The authorization endpoint (RFC 6749, 3.1). The whole request lives in its URL through sign-in and consent; nothing
 * is stored until a signed-in user approves.
 *
 * Two zones: until application and redirect URI are known to belong together, an error is a page (`findTarget` throws
 * a `PageError`). After that line it goes to the redirect URI, but only in answer to a signed-in user or `prompt=none`.
 */
export function authorizeEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return async (request) => {
    if (request.method === "POST") return answerPost(platform, dialect, request);
    // No HEAD: a GET may write here, and what only looks must not (RFC 9110, 9.2.1).
    if (request.method !== "GET") throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, POST"] });
    const parameters = parseQuery(request.query);
    const target = await findTarget(platform, dialect, parameters);
    const browser = await readBrowser(platform, request).catch(keepForbidden);
    if (browser instanceof PageError)
      return inSecondZone({ platform, dialect, request, target, browser: nobody }, parameters, async (asked) => {
        throw promptIsNone(asked)
          ? new OAuthError("login_required", { detail: "the host disabled the user" })
          : browser;
      });
    const visit: Visit = { platform, dialect, request, target, browser };
    return inSecondZone(visit, parameters, (asked) => showOrGrant(visit, asked));
  };
}

/** Whom the host has disabled gets a page. `prompt=none` shows none, so the application is told, as of users of our own. */
function keepForbidden(error: unknown): PageError {
  if (error instanceof PageError && error.reason === "forbidden") return error;
  throw error;
}

const nobody: Browser = { id: undefined, sessionHash: undefined, signedIn: undefined };

async function inSecondZone(
  visit: Visit,
  parameters: Parameters,
  answer: (asked: Asked) => Promise<Message>,
): Promise<Message> {
  try {
    return await answer(await parseAsked(visit, parameters));
  } catch (error) {
    if (error instanceof OAuthError) return refusedMessage(visit, parameters, error);
    throw error;
  }
}

async function showOrGrant(visit: Visit, asked: Asked): Promise<Message> {
  const { platform, request, browser } = visit;
  if (browser.signedIn === undefined || !isFreshEnough(visit, asked)) {
    if (promptIsNone(asked)) throw new OAuthError("login_required");
    return signInMessage(platform, request, browser, signInOccasionOf(visit, asked));
  }
  return atMostThreeTimes(visit, async (now) => {
    const { consent, decision } = await loadAndDecide(visit, asked);
    if (decision.next === "grant") return approve(now, asked, consent);
    if (decision.next === "grantAndRemember")
      return approve(now, asked, consent, {
        queryHash: queryHashOf(request),
        answeredBefore: consent?.answered ?? 0,
      });
    if (promptIsNone(asked)) throw new OAuthError("consent_required");
    return consentMessage(visit, asked, { consent, granted: decision.granted });
  });
}

/** `prompt=login`, and `select_account`, ask for a sign-in made for this very request. */
function mustBeFresh(asked: Asked): boolean {
  return asked.prompt.includes("login") || asked.prompt.includes("select_account");
}

function isFreshEnough({ platform, request, browser }: Visit, asked: Asked): boolean {
  return !mustBeFresh(asked) || isFreshSignIn(platform, request, browser);
}

function signInOccasionOf({ target }: Visit, asked: Asked): SignInOccasion {
  return { application: target.application.name, mustBeFresh: mustBeFresh(asked) };
}

async function loadAndDecide(
  { platform, target, browser }: Visit,
  asked: Asked,
): Promise<{ consent: Consent | undefined; decision: ConsentDecision }> {
  const { application, registeredRedirectUri } = target;
  const consent = await platform.store.findConsent(browser.signedIn?.user.id ?? "", application.id);
  const { scopes, resources, forceConsent } = asked;
  const facts = { application, registeredRedirectUri, scopes, resources, forceConsent, consent };
  return { consent, decision: decideConsent(facts) };
}

/**
 * A POST is our own form only with our fields. An application may POST its request too (RFC 6749, 3.1): that writes
 * nothing and becomes the same request as a GET.
 */
async function answerPost(platform: Platform, dialect: Dialect, request: RequestRecord): Promise<Message> {
  const form = readForm(request);
  if (!form.has("csrf") && !form.has("decision") && !isSignInForm(form)) return redirectToGet(request);
  const parameters = parseQuery(request.query);
  const target = await findTarget(platform, dialect, parameters);
  const visit: Visit = { platform, dialect, request, target, browser: await readBrowser(platform, request) };
  return inSecondZone(visit, parameters, (asked) =>
    isSignInForm(form)
      ? answerSignIn(platform, request, visit.browser, form, signInOccasionOf(visit, asked))
      : answerDecision(visit, asked, form),
  );
}

function redirectToGet(request: RequestRecord): Message {
  // Half in the URL and half in the body is not one request.
  if (request.query !== "" || request.body === "") throw new PageError(400, "badRequest");
  return redirectMessage(`${request.path}?${request.body.replace(/[^\x21-\x7e]/g, encodeURIComponent)}`);
}

async function answerDecision(visit: Visit, asked: Asked, form: Parameters): Promise<Message> {
  const { platform, request, target, browser } = visit;
  if (!isOurForm(platform, browser, request, form, form.get("form"))) return showAgain(visit, asked);
  if (browser.signedIn === undefined || !isFreshEnough(visit, asked)) return showAgain(visit, asked);
  switch (form.get("decision")) {
    case "approve":
      return approveForm(visit, choose(visit, asked, form), {
        queryHash: queryHashOf(request),
        answeredBefore: Number(form.get("form")),
      });
    case "decline":
      await record(visit, "consent.declined");
      throw new OAuthError("access_denied", { reason: "user_denied" });
    case "switch":
      return switchAccount(visit);
    default:
      throw new PageError(400, "badRequest", { backTo: target.redirectUri });
  }
}

async function switchAccount({ platform, request, browser }: Visit): Promise<Message> {
  if (platform.accounts === undefined) return redirectMessage(addressOf(request), await endSession(platform, browser));
  if (browser.hostSignIn === undefined) throw new PageError(400, "badRequest");
  return redirectMessage(hostSignInAddress(platform, request, browser.hostSignIn));
}

function choose({ platform, target }: Visit, asked: Asked, form: Parameters): Asked {
  const optional = optionalScopesOf(platform, target.application);
  return { ...asked, scopes: chooseScopes(asked.scopes, optional, form.all("scope")) };
}

/** The form was drawn for another session or too long ago: the page once more, with nothing lost. */
async function showAgain(visit: Visit, asked: Asked): Promise<Message> {
  const { platform, request, browser } = visit;
  if (browser.signedIn === undefined || !isFreshEnough(visit, asked))
    return signInMessage(platform, request, browser, {
      ...signInOccasionOf(visit, asked),
      problem: { kind: "formExpired" },
    });
  const { consent, decision } = await loadAndDecide(visit, asked);
  const granted = decision.next === "ask" ? decision.granted : (consent?.scopes ?? []);
  return consentMessage(visit, asked, { consent, granted, problem: "formExpired" });
}
