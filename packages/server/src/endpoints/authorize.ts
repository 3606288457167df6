import { type Dialect, OAuthError, type Parameters } from "@codegrant/protocol";
import { recordEvent } from "../actions/record-event.ts";
import { type Browser, endSession, readBrowser, redirectMessage } from "../browser.ts";
import { type AnsweredForm, decideApproval, isAnsweredAlready } from "../decide/approve.ts";
import { type ConsentDecision, chooseScopes, decideConsent } from "../decide/authorize.ts";
import { isOurForm, readForm } from "../form.ts";
import { isFreshSignIn } from "../fresh-sign-in.ts";
import type { Endpoint, Message, RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { Consent } from "../records.ts";
import { formatToken, wholeResourceMask, wholeScopeMask } from "../tokens/token.ts";
import { approvedMessage, refusedMessage } from "./authorization-answer.ts";
import { type Asked, parseAsked, promptIsNone } from "./authorization-asked.ts";
import { findTarget, parseQuery, type Target } from "./authorization-target.ts";
import { consentMessage, finishedMessage, queryHashOf } from "./consent.ts";
import { addressOf, answerSignIn, isSignInForm, type SignInOccasion, signInMessage } from "./sign-in.ts";

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
    if (request.method !== "GET") throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, POST"] });
    const parameters = parseQuery(request.query);
    const target = await findTarget(platform, dialect, parameters);
    const visit: Visit = { platform, dialect, request, target, browser: await readBrowser(platform, request) };
    return inSecondZone(visit, parameters, (asked) => showOrGrant(visit, asked));
  };
}

/** One request that has passed the first zone. */
export interface Visit {
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly request: RequestRecord;
  readonly target: Target;
  readonly browser: Browser;
}

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
  return atMostThreeTimes(async () => {
    const { consent, decision } = await loadAndDecide(visit, asked);
    if (decision.next === "grant") return approve(visit, asked, consent);
    if (decision.next === "grantAndRemember")
      return approve(visit, asked, consent, {
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
  const consent = await platform.store.findConsent(browser.signedIn?.user.id ?? "", target.application.id);
  return { consent, decision: decideConsent({ ...target, ...asked, consent }) };
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
      return redirectMessage(addressOf(request), await endSession(platform, browser));
    default:
      throw new PageError(400, "badRequest", { backTo: target.redirectUri });
  }
}

function choose({ target }: Visit, asked: Asked, form: Parameters): Asked {
  const optional = target.application.settings.optionalScopes ?? [];
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

async function approveForm(visit: Visit, asked: Asked, form: AnsweredForm): Promise<Message> {
  const { platform, target, browser } = visit;
  return atMostThreeTimes(async () => {
    const consent = await platform.store.findConsent(browser.signedIn?.user.id ?? "", target.application.id);
    if (isAnsweredAlready(form, consent)) return finishedMessage(visit);
    const message = await approve(visit, asked, consent, form);
    if (message !== undefined) await record(visit, "consent.approved", asked.scopes.join(" "));
    return message;
  });
}

/** Undefined when what was loaded changed meanwhile, and nothing was written. */
async function approve(
  visit: Visit,
  asked: Asked,
  consent: Consent | undefined,
  form?: AnsweredForm,
): Promise<Message | undefined> {
  const { platform, dialect, target } = visit;
  // Loaded again on every try: a user disabled or raised meanwhile must be seen.
  const { signedIn } = await readBrowser(platform, visit.request);
  if (signedIn === undefined) throw new PageError(403, "formExpired");
  const key = platform.keys.current;
  const now = platform.now();
  const codeSecret = platform.random(12);
  const codeLifetimeSeconds = platform.settings.codeLifetimeSeconds;
  const outcome = await platform.store.approve(
    decideApproval({
      ...target,
      ...asked,
      user: signedIn.user,
      consent,
      ...(form !== undefined && { form }),
      keyId: key.id,
      codeSecret,
      codeLifetimeSeconds,
      now,
    }),
  );
  if (outcome.outcome === "changed") return undefined;
  platform.log({ ...identify(visit), level: "info", event: "code.issued", grantId: outcome.grantId });
  const view = { generation: 0, scopeMask: wholeScopeMask, resourceMask: wholeResourceMask };
  const code = formatToken(
    { ...view, kind: "code", grantId: outcome.grantId, expiresAt: now + codeLifetimeSeconds, proof: codeSecret },
    key,
    dialect.family,
  );
  return approvedMessage(visit, asked, code);
}

/** Whoever loses against a change made at the same moment loads and decides again. */
async function atMostThreeTimes(attempt: () => Promise<Message | undefined>): Promise<Message> {
  for (let i = 0; i < 3; i++) {
    const message = await attempt();
    if (message !== undefined) return message;
  }
  throw new PageError(503, "unavailable", { waitSeconds: 1 });
}

function identify({ request, target, browser }: Visit) {
  return {
    requestId: request.requestId,
    clientId: target.application.clientId,
    ...(browser.signedIn !== undefined && { userId: browser.signedIn.user.id }),
  };
}

async function record({ platform, request, target, browser }: Visit, event: string, detail?: string): Promise<void> {
  const { id, clientId } = target.application;
  await recordEvent(forRequest(platform, request), {
    event,
    userId: browser.signedIn?.user.id,
    applicationId: id,
    clientId,
    ...(detail !== undefined && { detail }),
  });
}
