import type { Parameters } from "@codegrant/protocol";
import { disconnect } from "../actions/connections.ts";
import { InputError } from "../actions/input-error.ts";
import { type Registration, registerApplication } from "../actions/registration.ts";
import { basePathOf, frameOf, pageMessage, readBrowser, redirectMessage } from "../browser.ts";
import { isOurForm, readForm } from "../form.ts";
import type { Endpoint, Message, RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { applicationCreatedPage } from "../pages/index.ts";
import { forRequest, type Platform } from "../platform.ts";
import { addressesBelow, type ShownAddresses } from "./addresses.ts";
import { type ConnectionsVisit, connectionsMessage, parseId } from "./connections-page.ts";
import { answerSignIn, isSignInForm, signInMessage } from "./sign-in.ts";

/** Where users see and disconnect what they approved, and developers register their applications. */
export function connectionsEndpoint(platform: Platform, addresses = addressesBelow(platform, "/oauth2")): Endpoint {
  return async (request) => {
    if (request.method === "POST") return answerPost(platform, addresses, request);
    if (request.method !== "GET") throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, POST"] });
    const browser = await readBrowser(platform, request);
    const { signedIn } = browser;
    if (signedIn === undefined) return signInMessage(platform, request, browser);
    return connectionsMessage({ platform, request, browser, signedIn });
  };
}

async function answerPost(platform: Platform, addresses: ShownAddresses, request: RequestRecord): Promise<Message> {
  const form = readForm(request);
  const browser = await readBrowser(platform, request);
  const { signedIn } = browser;
  if (isSignInForm(form)) return answerSignIn(platform, request, browser, form);
  if (signedIn === undefined) return signInMessage(platform, request, browser, { problem: { kind: "formExpired" } });
  const visit = { platform, request, browser, signedIn };
  if (!isOurForm(platform, browser, request, form)) return connectionsMessage(visit, { done: { kind: "formExpired" } });
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
  const redirectUris = form.all("redirect_uri").filter((uri) => uri !== "");
  try {
    if (type !== "confidential" && type !== "public") throw new InputError([chooseType]);
    const registration: Registration = { name: form.get("name") ?? "", redirectUris, type, ownerId: signedIn.user.id };
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

const chooseType = { field: "type", problem: "Choose whether the application can keep a secret." };

function fillIn(
  authorizeUrl: string,
  { clientId, redirectUris }: { readonly clientId: string; readonly redirectUris: readonly string[] },
): string {
  const redirectUri = encodeURIComponent(redirectUris[0] ?? "");
  return `${authorizeUrl}?response_type=code&client_id=${clientId}&redirect_uri=${redirectUri}&scope=&state=`;
}
