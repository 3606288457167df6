import { type Dialect, matchRedirectUri, OAuthError, type Parameters, parseParameters } from "@codegrant/protocol";
import { PageError } from "../page-error.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import { redirectUriDifference } from "./redirect-uri-difference.ts";

/** Application and redirect URI, known to belong together: from here on errors may go to the application. */
export interface Target {
  readonly application: Application;
  /** As sent, byte for byte. */
  readonly redirectUri: string;
  /** The registered one that it matched. */
  readonly registeredRedirectUri: string;
}

/** The first zone: whatever is wrong here is told to the person, never to an address that nobody vouches for. */
export async function findTarget(platform: Platform, dialect: Dialect, parameters: Parameters): Promise<Target> {
  const application = await findApplication(platform, parameters);
  const redirectUri = single(parameters, "redirect_uri");
  if (redirectUri === undefined) throw new PageError(400, "redirectUriMissing");
  const registeredRedirectUri = application.redirectUris.find((uri) =>
    matchRedirectUri(redirectUri, [uri], dialect.redirectUri),
  );
  if (registeredRedirectUri === undefined) throw redirectUriMismatch(platform, application, redirectUri);
  return { application, redirectUri, registeredRedirectUri };
}

function redirectUriMismatch(platform: Platform, application: Application, redirectUri: string): PageError {
  const redirectUriDiffersIn = redirectUriDifference(redirectUri, application.redirectUris);
  platform.outcomes.note(application.id, {
    at: platform.now(),
    event: "refused",
    error: { code: "invalid_request", reason: "redirect_uri_mismatch", detail: redirectUri },
    redirectUriDiffersIn,
  });
  return new PageError(400, "redirectUriMismatch", {
    details: [{ name: "redirect_uri", value: redirectUri }],
    redirectUriDiffersIn,
    detail: `client ${application.clientId}`,
  });
}

export function parseQuery(query: string): Parameters {
  try {
    return parseParameters(query);
  } catch (error) {
    if (error instanceof OAuthError) throw new PageError(400, "badRequest", { detail: error.message });
    throw error;
  }
}

async function findApplication(platform: Platform, parameters: Parameters): Promise<Application> {
  const clientId = single(parameters, "client_id");
  const application = clientId === undefined ? undefined : await platform.store.findApplication(clientId);
  if (application !== undefined) return application;
  throw new PageError(400, "unknownApplication", {
    details: clientId === undefined ? [] : [{ name: "client_id", value: clientId }],
  });
}

/** A name sent twice determines nothing (RFC 6749, 3.1). */
function single(parameters: Parameters, name: string): string | undefined {
  if (parameters.repeated(name))
    throw new PageError(400, "repeatedParameter", { details: [{ name: "name", value: name }] });
  return parameters.get(name);
}
