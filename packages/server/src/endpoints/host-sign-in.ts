import { OAuthError } from "@codegrant/protocol";
import type { HostSignIn } from "../accounts.ts";
import { type Browser, redirectMessage } from "../browser.ts";
import { isHostAsked, markHostAsked } from "../fresh-sign-in.ts";
import type { Message, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import { siteOf } from "../site.ts";

/**
 * A host's users sign in at the host, which gets the address of this very request to come back to. Whoever comes back
 * from there no fresher than before is not sent again: a host that cannot sign in anew would go round for ever.
 */
export function hostSignInMessage(
  platform: Platform,
  request: RequestRecord,
  { signedIn, hostSignIn }: Browser,
  { mustBeFresh = false }: { readonly mustBeFresh?: boolean },
): Message {
  const isStuck = signedIn !== undefined && isHostAsked(platform, request);
  if (hostSignIn === undefined || isStuck) throw new OAuthError("login_required");
  return redirectMessage(
    hostSignInAddress(platform, request, hostSignIn),
    mustBeFresh ? markHostAsked(platform, request) : [],
  );
}

/** Where the host signs in, with the address to come back to. */
export function hostSignInAddress(
  platform: Platform,
  request: RequestRecord,
  { signInUrl, returnParameter = "return_to" }: HostSignIn,
): string {
  const back = encodeURIComponent(`${siteOf(platform).origin}${addressOf(request)}`);
  return `${signInUrl}${signInUrl.includes("?") ? "&" : "?"}${returnParameter}=${back}`;
}

/** The same address again. Only our own routes get here, so the path is one of ours and never starts with `//`. */
export function addressOf(request: RequestRecord): string {
  return request.query === "" ? request.path : `${request.path}?${request.query}`;
}
