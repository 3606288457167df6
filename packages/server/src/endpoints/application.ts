import type { Parameters } from "@codegrant/protocol";
import { findOwnApplication } from "../actions/own-application.ts";
import { isSignedIn, readBrowser, type SignedInBrowser } from "../browser.ts";
import { isOurForm, readFormWithLines } from "../form.ts";
import { type Endpoint, isRead, type RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { forRequest, type Platform } from "../platform.ts";
import { answerForm, editOf } from "./application-form.ts";
import {
  type ApplicationOccasion,
  type ApplicationVisit,
  applicationMessage,
  type Offers,
} from "./application-page.ts";
import { parseQuery } from "./authorization-target.ts";
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
    if (!isSignedIn(browser)) {
      const keeps = form?.get("action") === "change" ? keep(request) : {};
      return signInMessage(platform, request, browser, { ...signedOutOccasion(form), ...keeps });
    }
    const visit = await visitOf(platform, request, browser, offers);
    if (form === undefined) return applicationMessage(visit, { told: parseQuery(request.query).get("done") });
    if (!isOurForm(platform, browser, request, form, form.get("form")))
      return applicationMessage(visit, keptOccasion(visit, form, "formExpired"));
    return answerForm({ ...visit, platform: forRequest(platform, request) }, form);
  };
}

async function visitOf(
  platform: Platform,
  request: RequestRecord,
  browser: SignedInBrowser,
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
