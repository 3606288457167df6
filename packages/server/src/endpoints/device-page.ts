import type { Parameters } from "@codegrant/protocol";
import { mayGrant } from "../accounts.ts";
import { recordEvent } from "../actions/record-event.ts";
import {
  type Browser,
  basePathOf,
  frameOf,
  pageMessage,
  readBrowser,
  redirectMessage,
  type SignedInPerson,
  withBrowserId,
} from "../browser.ts";
import { decideApproval } from "../decide/approve.ts";
import { chooseScopes } from "../decide/authorize.ts";
import { parseUserCode, userCodeHashOf } from "../device-codes.ts";
import { formatFormToken, isOurForm, readForm } from "../form.ts";
import { type Endpoint, isRead, type Message, type RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type DeviceProblem, deviceConsentPage, deviceDonePage, devicePage } from "../pages/index.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { Application, DeviceRequest } from "../records.ts";
import { proofBytes } from "../tokens/proof.ts";
import { parseQuery } from "./authorization-target.ts";
import { askingApplicationOf, optionalScopesOf, queryHashOf, scopeChoicesOf } from "./consent.ts";
import { answerSignIn, isSignInForm, signedOutOccasion, signInMessage } from "./sign-in.ts";

/**
 * Where a person answers for a device (RFC 8628, 3.3). The code is typed, or came with the address; either way the page
 * shows it beside who asks for what, so that a code from a stranger's message is recognised (5.4).
 */
export function devicePageEndpoint(platform: Platform): Endpoint {
  return async (request) => {
    if (!isRead(request) && request.method !== "POST")
      throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const form = request.method === "POST" ? readForm(request) : undefined;
    const browser = await readBrowser(platform, request);
    if (form !== undefined && isSignInForm(form)) return answerSignIn(platform, request, browser, form);
    const { signedIn } = browser;
    if (signedIn === undefined) return signInMessage(platform, request, browser, signedOutOccasion(form));
    const visit = { platform, request, browser, signedIn };
    return form === undefined ? showPage(visit) : answerForm(visit, form);
  };
}

interface DeviceVisit {
  readonly platform: Platform;
  readonly request: RequestRecord;
  readonly browser: Browser;
  readonly signedIn: SignedInPerson;
}

/** A request that waits for an answer, and who made it. */
interface Waiting {
  readonly userCode: string;
  readonly deviceRequest: DeviceRequest;
  readonly application: Application;
}

async function showPage(visit: DeviceVisit): Promise<Message> {
  const typed = parseQuery(visit.request.query).get("user_code");
  if (typed === undefined) return askForCode(visit);
  const waiting = await findWaiting(visit, typed);
  return waiting === undefined ? refuseCode(visit, typed) : consentMessage(visit, waiting);
}

async function answerForm(visit: DeviceVisit, form: Parameters): Promise<Message> {
  const { platform, request, browser } = visit;
  if (!isOurForm(platform, browser, request, form, form.get("form")))
    return askForCode(visit, { userCode: form.get("user_code"), problem: { kind: "formExpired" } });
  const typed = form.get("user_code");
  if (typed !== undefined) {
    // To an address that holds the code, so that a reload or the back button shows the same page.
    const userCode = parseUserCode(typed);
    if (userCode === undefined) return refuseCode(visit, typed);
    return redirectMessage(`${basePathOf(platform)}/device?user_code=${userCode}`);
  }
  return answerDecision(visit, form);
}

async function answerDecision(visit: DeviceVisit, form: Parameters): Promise<Message> {
  const typed = parseQuery(visit.request.query).get("user_code");
  const waiting = typed === undefined ? undefined : await findWaiting(visit, typed);
  if (typed === undefined || waiting === undefined) return refuseCode(visit, typed);
  switch (form.get("decision")) {
    case "approve":
      return approve(visit, waiting, form);
    case "decline":
      // Approved meanwhile in another tab: then something was shared.
      if ((await visit.platform.store.declineDeviceRequest(waiting.deviceRequest.id)) === "answered")
        return askForCode(visit, { userCode: typed, problem: { kind: "unknownCode" } });
      await record(visit, waiting, "consent.declined");
      return doneMessage(visit, waiting, "declined");
    default:
      throw new PageError(400, "badRequest");
  }
}

/** A device has no redirect URI to keep it to, so its person is asked every time. */
async function approve(visit: DeviceVisit, waiting: Waiting, form: Parameters): Promise<Message> {
  const { platform, request, signedIn } = visit;
  const { application, deviceRequest } = waiting;
  if (!(await mayGrant(platform, signedIn.user.id))) throw new PageError(403, "forbidden");
  const consent = await platform.store.findConsent(signedIn.user.id, application.id);
  const now = platform.now();
  const optional = optionalScopesOf(platform, application);
  const outcome = await platform.store.approve(
    decideApproval({
      user: signedIn.user,
      application,
      consent,
      scopes: chooseScopes(deviceRequest.scopes, optional, form.all("scope")),
      resources: deviceRequest.resources,
      redirectUri: "",
      codeChallenge: undefined,
      form: { queryHash: queryHashOf(request), answeredBefore: consent?.answered ?? 0 },
      deviceRequestId: deviceRequest.id,
      keyId: platform.keys.current.id,
      // Nobody is given this code: the device proves itself by its device code, and gets a fresh secret.
      codeSecret: platform.random(proofBytes),
      codeLifetimeSeconds: Math.max(0, deviceRequest.expiresAt - now),
      now,
    }),
  );
  if (outcome.outcome === "changed") return askForCode(visit, { problem: { kind: "formExpired" } });
  await record(visit, waiting, "consent.approved");
  return doneMessage(visit, waiting, "approved");
}

async function findWaiting({ platform, browser }: DeviceVisit, typed: string): Promise<Waiting | undefined> {
  const userCode = parseUserCode(typed);
  if (userCode === undefined || waitSeconds(platform, browser) > 0) return undefined;
  // A code drawn just before the keys were rotated is found by the key it was drawn under.
  for (const key of platform.keys.all()) {
    const hash = userCodeHashOf(userCode, key);
    const deviceRequest = await platform.store.findDeviceRequestByUserCode(hash, platform.now());
    const application = deviceRequest && (await platform.store.findApplicationById(deviceRequest.applicationId));
    if (deviceRequest !== undefined && application !== undefined && !application.disabled)
      return { userCode, deviceRequest, application };
  }
  return undefined;
}

/** A wrong code is counted against who typed it: so short a code must not be found by trying (RFC 8628, 5.1). */
function refuseCode(visit: DeviceVisit, userCode: string | undefined): Message {
  const { platform, browser } = visit;
  const wait = waitSeconds(platform, browser);
  if (wait > 0) return askForCode(visit, { userCode, problem: { kind: "tooManyTries", waitSeconds: wait } });
  platform.limits.guesses.refuse(guessKey(browser), platform.now());
  return askForCode(visit, { userCode, problem: { kind: "unknownCode" } });
}

function waitSeconds(platform: Platform, browser: Browser): number {
  return platform.limits.guesses.waitSeconds(guessKey(browser), platform.now());
}

function guessKey({ signedIn }: Browser): string {
  return `device ${signedIn?.user.id}`;
}

function askForCode(
  visit: DeviceVisit,
  shown: { readonly userCode?: string | undefined; readonly problem?: DeviceProblem } = {},
): Message {
  const { platform, request } = visit;
  const { browser, setCookies } = withBrowserId(platform, visit.browser);
  const csrf = formatFormToken(platform, browser, request);
  const html = devicePage({ ...frameOf(platform, request, browser), csrf, ...shown });
  if (shown.problem?.kind !== "tooManyTries")
    return pageMessage(shown.problem === undefined ? 200 : 400, html, setCookies);
  return pageMessage(429, html, [...setCookies, "Retry-After", String(shown.problem.waitSeconds)]);
}

async function consentMessage(visit: DeviceVisit, { userCode, deviceRequest, application }: Waiting): Promise<Message> {
  const { platform, request, signedIn } = visit;
  const { browser, setCookies } = withBrowserId(platform, visit.browser);
  const consent = await platform.store.findConsent(signedIn.user.id, application.id);
  const form = String(consent?.answered ?? 0);
  const { login, displayName } = signedIn.user;
  const html = deviceConsentPage({
    ...frameOf(platform, request, browser),
    signedInAs: { login, displayName },
    csrf: formatFormToken(platform, browser, request, form),
    form,
    application: await askingApplicationOf(platform, application),
    userCode,
    scopes: scopeChoicesOf(platform, application, deviceRequest.scopes, consent?.scopes ?? []),
    resources: deviceRequest.resources,
  });
  return pageMessage(200, html, setCookies);
}

function doneMessage(visit: DeviceVisit, { application }: Waiting, outcome: "approved" | "declined"): Message {
  const { platform, request, browser } = visit;
  return pageMessage(
    200,
    deviceDonePage({ ...frameOf(platform, request, browser), application: application.name, outcome }),
  );
}

async function record(visit: DeviceVisit, { application, deviceRequest }: Waiting, event: string): Promise<void> {
  const { platform, request, signedIn } = visit;
  await recordEvent(forRequest(platform, request), {
    event,
    userId: signedIn.user.id,
    applicationId: application.id,
    clientId: application.clientId,
    detail: deviceRequest.scopes.join(" "),
  });
}
