import type { Parameters } from "@codegrant/protocol";
import { disconnect } from "../actions/connections.ts";
import { InputError } from "../actions/input-error.ts";
import { type Registration, registerApplication } from "../actions/registration.ts";
import { basePathOf, frameOf, pageMessage, readBrowser, redirectMessage } from "../browser.ts";
import { isOurForm, readFormWithLines } from "../form.ts";
import { type Endpoint, isRead, type Message, type RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { applicationCreatedPage } from "../pages/index.ts";
import { forRequest, type Platform } from "../platform.ts";
import { addressesBelow, type ShownAddresses } from "./addresses.ts";
import type { Offers } from "./application-page.ts";
import { type ConnectionsVisit, connectionsMessage, parseId } from "./connections-page.ts";
import { linesOf } from "./lines.ts";
import { answerSignIn, isSignInForm, keep, type SignInOccasion, signInMessage } from "./sign-in.ts";

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
  const { signedIn } = browser;
  const showKept: SignInOccasion["showKept"] = (now, kept) =>
    connectionsMessage(
      { platform, request, browser: now, signedIn: now.signedIn, offers },
      { done: { kind: "keptForm" }, refused: { form: readFormWithLines(request, kept), problems: [] } },
    );
  if (isSignInForm(form)) return answerSignIn(platform, request, browser, form, { showKept });
  const isRegistration = form.get("action") === "register";
  if (signedIn === undefined)
    return signInMessage(platform, request, browser, {
      problem: { kind: "signedOut" },
      ...(isRegistration && keep(request)),
    });
  const visit = { platform, request, browser, signedIn, offers };
  if (!isOurForm(platform, browser, request, form))
    return connectionsMessage(visit, {
      done: { kind: "formExpired" },
      ...(isRegistration && { refused: { form, problems: [] } }),
    });
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
