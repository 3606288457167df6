import type { Parameters } from "@codegrant/protocol";
import { disconnect } from "../actions/connections.ts";
import { InputError } from "../actions/input-error.ts";
import { type Registration, registerApplication } from "../actions/registration.ts";
import {
  basePathOf,
  frameOf,
  isSignedIn,
  pageMessage,
  readBrowser,
  redirectMessage,
  type SignedInBrowser,
} from "../browser.ts";
import { isOurForm, readFormWithLines } from "../form.ts";
import { type Endpoint, isRead, type Message, type RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { applicationCreatedPage } from "../pages/index.ts";
import { forRequest, type Platform } from "../platform.ts";
import { addressesBelow, type ShownAddresses } from "./addresses.ts";
import type { Offers } from "./application-page.ts";
import { type ConnectionsOccasion, type ConnectionsVisit, connectionsMessage, parseId } from "./connections-page.ts";
import { linesOf } from "./lines.ts";
import { answerSignIn, isSignInForm, keep, signedOutOccasion, signInMessage } from "./sign-in.ts";

/** Where users see and disconnect what they approved, and developers register their applications. */
export function connectionsEndpoint(platform: Platform, offers: Offers): Endpoint {
  const addresses = addressesBelow(platform, "/oauth2");
  return async (request) => {
    if (request.method === "POST") return answerPost(platform, addresses, offers, request);
    if (!isRead(request)) throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const browser = await readBrowser(platform, request);
    const { signedIn } = browser;
    if (signedIn === undefined) return signInMessage(platform, request, browser);
    return connectionsMessage({ platform, request, browser, signedIn, offers });
  };
}

async function answerPost(
  platform: Platform,
  addresses: ShownAddresses,
  offers: Offers,
  request: RequestRecord,
): Promise<Message> {
  const form = readFormWithLines(request);
  const browser = await readBrowser(platform, request);
  const visitOf = (seen: SignedInBrowser): ConnectionsVisit => ({
    platform,
    request,
    browser: seen,
    signedIn: seen.signedIn,
    offers,
  });
  if (isSignInForm(form)) {
    const showKept = async (seen: SignedInBrowser, kept: string): Promise<Message> =>
      connectionsMessage(visitOf(seen), typedInto(readFormWithLines(request, kept), "keptForm"));
    return answerSignIn(platform, request, browser, form, { showKept });
  }
  if (isSignedIn(browser)) return answerForm(visitOf(browser), addresses, form);
  const kept = form.get("action") === "register" ? keep(request) : {};
  return signInMessage(platform, request, browser, { ...signedOutOccasion(form), ...kept });
}

/** The page once more, with what was typed where there was anything to type. */
function typedInto(form: Parameters, kind: "keptForm" | "formExpired"): ConnectionsOccasion {
  return { done: { kind }, ...(form.get("action") === "register" && { refused: { form, problems: [] } }) };
}

async function answerForm(visit: ConnectionsVisit, addresses: ShownAddresses, form: Parameters): Promise<Message> {
  const { platform, request, browser } = visit;
  if (!isOurForm(platform, browser, request, form)) return connectionsMessage(visit, typedInto(form, "formExpired"));
  switch (form.get("action")) {
    case "disconnect":
      return answerDisconnect(visit, form);
    case "register":
      return answerRegistration(visit, addresses, form);
    case undefined:
    default:
      throw new PageError(400, "badRequest");
  }
}

/** The answer to a second press is the same: what it asked for is so. */
async function answerDisconnect({ platform, request, signedIn }: ConnectionsVisit, form: Parameters): Promise<Message> {
  const applicationId = parseId(form.get("application"));
  if (applicationId === undefined) throw new PageError(400, "badRequest");
  await disconnect(forRequest(platform, request), signedIn.user.id, applicationId);
  return redirectMessage(`${basePathOf(platform)}/settings/connections?disconnected=${applicationId}`);
}

/** Only the listed fields are taken. The answer is the page itself: no address may show a secret again. */
async function answerRegistration(
  visit: ConnectionsVisit,
  addresses: ShownAddresses,
  form: Parameters,
): Promise<Message> {
  const { platform, request, browser, signedIn } = visit;
  const type = form.get("type");
  const redirectUris = linesOf(form);
  try {
    if (type !== "confidential" && type !== "public") throw new InputError([chooseType]);
    const registration: Registration = {
      name: form.get("name") ?? "",
      redirectUris,
      type,
      ownerId: signedIn.user.id,
      settings: settingsOf(form, type, visit.offers?.pkceSwitch ?? false),
    };
    const { application, clientSecret } = await registerApplication(forRequest(platform, request), registration);
    const html = applicationCreatedPage({
      ...frameOf(platform, request, browser),
      application,
      clientSecret,
      authorizeUrl: fillIn(addresses.authorizeUrl, application),
      tokenUrl: addresses.tokenUrl,
    });
    return pageMessage(200, html);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return connectionsMessage(visit, { refused: { form, problems: error.problems } });
  }
}

function settingsOf(
  form: Parameters,
  type: "confidential" | "public",
  offersPkceSwitch: boolean,
): NonNullable<Registration["settings"]> {
  const category = form.get("category")?.trim() ?? "";
  const mayChoose = offersPkceSwitch && type === "confidential";
  return {
    ...(category !== "" && { category }),
    ...(mayChoose && form.get("pkce") === "optional" && { pkce: "optional" }),
  };
}

const chooseType = { field: "type", problem: "Choose whether the application can keep a secret." };

function fillIn(
  authorizeUrl: string,
  { clientId, redirectUris }: { readonly clientId: string; readonly redirectUris: readonly string[] },
): string {
  const redirectUri = encodeURIComponent(redirectUris[0] ?? "");
  return `${authorizeUrl}?response_type=code&client_id=${clientId}&redirect_uri=${redirectUri}&scope=&state=`;
}
