import type { Provider } from "@codegrant/client";
import { appendToRedirectUri, formatErrorResponse, formatParameters, OAuthError } from "@codegrant/protocol";
import type { Platform } from "@codegrant/server";
import { type Call, formOf } from "./received.ts";

/** What some platforms do and our own server does not, by choice. Each is a switch. */
export interface Manners {
  /**
   * A code is not exchanged for an application without a secret; it is told so in the provider's words. On where the
   * provider is known for it, as Twitch is.
   */
  readonly publicExchangeIsRefused?: boolean | undefined;
  /**
   * A redirect URI that is not registered sends the browser, with the error, to the first one that is, as at Twitch. It
   * gives that address away to anybody who asks, so it is off unless it is switched on.
   */
  readonly mismatchGoesToFirst?: boolean | undefined;
  /** Errors at the endpoints for programs come with status 200. On where the platform is known for it, as GitHub is. */
  readonly errorsIn200?: boolean | undefined;
}

/** The answer of a platform with that manner; undefined where it does not come to it. */
export async function refusePublicExchange(
  { codeNeedsSecret, dialect }: Provider,
  platform: Platform,
  manners: Manners,
  call: Call,
): Promise<Response | undefined> {
  if (!(manners.publicExchangeIsRefused ?? codeNeedsSecret) || call.endpoint !== "token") return undefined;
  const sent = new Map([...call.url.searchParams, ...formOf(call)]);
  if (sent.get("grant_type") !== "authorization_code") return undefined;
  const application = await platform.store.findApplication(sent.get("client_id") ?? "");
  if (application?.type !== "public") return undefined;
  const error = new OAuthError("invalid_client", { reason: "client_secret_missing", status: 400 });
  const { status, body } = formatErrorResponse(error, dialect);
  return new Response(body, { status, headers: { "content-type": "application/json" } });
}

/** Likewise. */
export async function sendMismatchToFirst(
  platform: Platform,
  manners: Manners,
  { endpoint, url }: Call,
): Promise<Response | undefined> {
  if (manners.mismatchGoesToFirst !== true || endpoint !== "authorize") return undefined;
  const application = await platform.store.findApplication(url.searchParams.get("client_id") ?? "");
  const [first] = application?.redirectUris ?? [];
  if (first === undefined || application?.redirectUris.includes(url.searchParams.get("redirect_uri") ?? "")) return;
  const query = formatParameters({
    error: "redirect_mismatch",
    error_description: "Parameter redirect_uri does not match registered URI",
    state: url.searchParams.get("state") ?? undefined,
  });
  return new Response(null, { status: 302, headers: { location: appendToRedirectUri(first, query) } });
}

/** Likewise, for an answer. A platform whose own error codes are known is known for where it hides them, too. */
export function hideError({ dialect }: Provider, manners: Manners, { endpoint }: Call, response: Response): Response {
  const isKnown = dialect.error.mayHideInSuccess && dialect.error.codes.length > 0;
  const isForPrograms = endpoint === "token" || endpoint === "device";
  if (!isForPrograms || response.ok || response.status >= 500 || !(manners.errorsIn200 ?? isKnown)) return response;
  return new Response(response.body, { headers: response.headers });
}
