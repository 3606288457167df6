import {
  appendToRedirectUri,
  formatAuthorizationError,
  formatAuthorizationResponse,
  OAuthError,
  type Parameters,
  stateOf,
} from "@codegrant/protocol";
import { redirectMessage } from "../browser.ts";
import { readCookie } from "../cookies.ts";
import { clearFreshSignIn } from "../fresh-sign-in.ts";
import type { Message, RequestRecord } from "../message.ts";
import { noteRefusal } from "../outcomes.ts";
import { PageError } from "../page-error.ts";
import type { Asked } from "./authorization-asked.ts";
import type { Visit } from "./authorization-visit.ts";

export function approvedMessage(visit: Visit, asked: Asked, code: string): Message {
  const { platform, target } = visit;
  platform.outcomes.note(target.application.id, { at: platform.now(), event: "approved" });
  const query = formatAuthorizationResponse(
    { code, scopes: asked.scopes, state: asked.state, issuer: visit.platform.settings.issuer },
    visit.dialect,
  );
  return redirectMessage(locationOf(visit, query), clearFreshness(visit));
}

/**
 * The error goes to the application in answer to a signed-in user or `prompt=none`. A stranger gets a page that names
 * where the link leads: otherwise anyone could register an application and use us to send people anywhere
 * (RFC 9700, 4.11.2).
 */
export function refusedMessage(visit: Visit, parameters: Parameters, error: OAuthError): Message {
  const { platform, dialect, request, target, browser } = visit;
  platform.log({
    level: "info",
    event: "authorize.refused",
    requestId: request.requestId,
    clientId: target.application.clientId,
    error: error.code,
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(error.detail !== undefined && { detail: error.detail }),
  });
  noteRefusal(platform, target.application.id, error);
  const issuer = platform.settings.issuer;
  const location = locationOf(
    visit,
    formatAuthorizationError({ error, state: echoedState(parameters), issuer }, dialect),
  );
  const promptIsNone = dialect.authorize.promptIsRead && parameters.get("prompt") === "none";
  if (browser.signedIn !== undefined || promptIsNone) return redirectMessage(location, clearFreshness(visit));
  throw new PageError(400, "requestRefused", {
    details: [
      { name: "error", value: error.code },
      { name: "error_description", value: error.description },
    ],
    backTo: location,
  });
}

/** The request is answered, so a sign-in made for it is used up. */
function clearFreshness({ platform, request }: Visit): readonly string[] {
  return readCookie(platform, request, "fresh") === undefined ? [] : clearFreshSignIn(platform);
}

/** A state that was sent twice, or is too long to echo whole, is not echoed at all. */
function echoedState(parameters: Parameters): string | undefined {
  try {
    return stateOf(parameters);
  } catch (error) {
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
}

function locationOf({ request, target }: Visit, query: string): string {
  const location = appendToRedirectUri(target.redirectUri, query);
  return comesFromBrowser(request) && /^https?:/.test(location) ? `${location}#_` : location;
}

/**
 * A browser carries the fragment of the authorize URL over to the redirect unless that has one of its own
 * (RFC 9700, 4.1.3). Plain HTTP clients do not, and some read the `Location` by hand, so they get it clean.
 */
function comesFromBrowser(request: RequestRecord): boolean {
  return request.header("sec-fetch-mode") === "navigate";
}
