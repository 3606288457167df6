import type { Parameters } from "@codegrant/protocol";
import { deleteApplication } from "../actions/application-changes.ts";
import { InputError } from "../actions/input-error.ts";
import {
  editOwnApplication,
  findOwnApplication,
  type OwnEdit,
  rotateOwnSecret,
  switchOwnApplication,
} from "../actions/own-application.ts";
import {
  type Browser,
  basePathOf,
  frameOf,
  pageMessage,
  readBrowser,
  redirectMessage,
  type SignedInPerson,
} from "../browser.ts";
import { isOurForm, readFormWithLines } from "../form.ts";

import { type Endpoint, isRead, type Message, type RequestRecord } from "../message.ts";

import { PageError } from "../page-error.ts";
import { secretRotatedPage } from "../pages/index.ts";
import { forRequest, type Platform } from "../platform.ts";
import {
  type ApplicationOccasion,
  type ApplicationVisit,
  applicationMessage,
  type Offers,
} from "./application-page.ts";
import { parseQuery } from "./authorization-target.ts";
import { linesOf } from "./lines.ts";
import { answerSignIn, isSignInForm, keep, type SignInOccasion, signedOutOccasion, signInMessage } from "./sign-in.ts";

/** One application of the developer who is signed in, named by `client_id`; anybody else's is not there. */
export function applicationEndpoint(platform: Platform, offers: Offers): Endpoint {
  return async (request) => {
    if (!isRead(request) && request.method !== "POST")
      throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const form = request.method === "POST" ? readFormWithLines(request) : undefined;
    const browser = await readBrowser(platform, request);
    const showKept: SignInOccasion["showKept"] = async (now, kept) => {
      const visit = await visitOf(platform, request, now, offers);
      return applicationMessage(visit, keptOccasion(visit, readFormWithLines(request, kept), "keptForm"));
    };
    if (form !== undefined && isSignInForm(form)) return answerSignIn(platform, request, browser, form, { showKept });
    if (browser.signedIn === undefined) {
      const keeps = form?.get("action") === "change" ? keep(request) : {};
      return signInMessage(platform, request, browser, { ...signedOutOccasion(form), ...keeps });
    }
    const visit = await visitOf(platform, request, { ...browser, signedIn: browser.signedIn }, offers);
    if (form === undefined) return applicationMessage(visit, { told: parseQuery(request.query).get("done") });
    if (!isOurForm(platform, browser, request, form, form.get("form")))
      return applicationMessage(visit, keptOccasion(visit, form, "formExpired"));
    return answerForm({ ...visit, platform: forRequest(platform, request) }, form);
  };
}

async function visitOf(
  platform: Platform,
  request: RequestRecord,
  browser: Browser & { signedIn: SignedInPerson },
  offers: Offers,
): Promise<ApplicationVisit> {
  const { signedIn } = browser;
  const clientId = parseQuery(request.query).get("client_id") ?? "";
  const application = await findOwnApplication(platform, signedIn.user.id, clientId);
  if (application === undefined) throw new PageError(404, "notFound");
  return { platform, request, browser, signedIn, application, offers };
}

/** What was typed stands in the page again, where there was anything to type. */
function keptOccasion(
  visit: ApplicationVisit,
  form: Parameters,
  problem: "formExpired" | "keptForm",
): ApplicationOccasion {
  return form.get("action") === "change"
    ? { problem, refused: { edit: editOf(visit, form), problems: [] } }
    : { problem };
}

async function answerForm(visit: ApplicationVisit, form: Parameters): Promise<Message> {
  const { platform, application } = visit;
  switch (form.get("action")) {
    case "change":
      return answerChange(visit, form);
    case "rotate":
      return answerRotation(visit, form);
    case "disable":
      await switchOwnApplication(platform, application.id, "off");
      return backTo(visit, "disabled");
    case "enable":
      return answerSwitchOn(visit);
    case "delete":
      if (form.get("confirm") !== "yes") return applicationMessage(visit, { problem: "notConfirmed" });
      await deleteApplication(platform, application.id);
      return redirectMessage(`${basePathOf(platform)}/settings/connections`);
    case undefined:
    default:
      throw new PageError(400, "badRequest");
  }
}

async function answerSwitchOn(visit: ApplicationVisit): Promise<Message> {
  const application = await switchOwnApplication(visit.platform, visit.application.id, "on");
  if (application.disabled) return applicationMessage({ ...visit, application }, { problem: "operatorsOff" });
  return backTo(visit, "enabled");
}

function editOf({ application, offers }: ApplicationVisit, form: Parameters): OwnEdit {
  const category = form.get("category")?.trim();
  const hasPkceSwitch = offers.pkceSwitch && application.type === "confidential";
  return {
    name: form.get("name") ?? "",
    redirectUris: linesOf(form),
    category: category === "" ? undefined : category,
    pkceIsOptional: hasPkceSwitch ? form.get("pkce") === "optional" : undefined,
  };
}

async function answerChange(visit: ApplicationVisit, form: Parameters): Promise<Message> {
  const { platform, application } = visit;
  const edit = editOf(visit, form);
  try {
    await editOwnApplication(platform, application.id, edit);
    return backTo(visit, "changed");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return applicationMessage(visit, { refused: { edit, problems: error.problems } });
  }
}

/** The answer is the page itself: no address may show a secret again. */
async function answerRotation(visit: ApplicationVisit, form: Parameters): Promise<Message> {
  const { platform, request, browser, application } = visit;
  const overlap = form.get("overlap");
  if (application.type === "public" || (overlap !== "day" && overlap !== "none"))
    throw new PageError(400, "badRequest");
  const overlapSeconds = overlap === "day" ? 86_400 : 0;
  const newest = form.get("form") ?? "";
  const rotated = await orAlready(() => rotateOwnSecret(platform, application, { newest, overlapSeconds }));
  if (rotated === "already") return applicationMessage(visit, { problem: "alreadyRotated" });
  const html = secretRotatedPage({
    ...frameOf(platform, request, browser),
    now: platform.now(),
    application: { name: application.name, clientId: application.clientId },
    clientSecret: rotated.clientSecret,
    oldUntil: rotated.application.secrets[1]?.expiresAt,
  });
  return pageMessage(200, html);
}

/** Of two presses at the very same moment one wins, and the other did nothing. */
async function orAlready<Result>(task: () => Promise<Result | "already">): Promise<Result | "already"> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof InputError) return "already";
    throw error;
  }
}

function backTo({ platform, application }: ApplicationVisit, done: string): Message {
  const address = `${basePathOf(platform)}/settings/application`;
  return redirectMessage(`${address}?client_id=${application.clientId}&done=${done}`);
}
