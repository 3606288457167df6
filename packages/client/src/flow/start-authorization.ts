import { formatAuthorizationRequest, isScopeToken } from "@codegrant/protocol";
import { checkClient, checkProvider, type Provider } from "../provider.ts";
import { createCodeChallenge, drawBytes, drawToken, type Random } from "../random.ts";
import { type PendingAuthorization, sendsChallenge } from "./pending.ts";

export interface AuthorizationStart {
  readonly clientId: string;
  /** Byte for byte as registered; it is never re-written. */
  readonly redirectUri: string;
  /** One string per scope; as few as possible. */
  readonly scopes: readonly string[];
  /** Show the consent page though the user has approved before: lets them switch account. */
  readonly forceConsent?: boolean | undefined;
  /** Parameters this provider knows beside the standard's. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  readonly random?: Random | undefined;
  /** Epoch seconds. */
  readonly now?: (() => number) | undefined;
}

export interface StartedAuthorization {
  /** Where to send the browser: a 302 or 303, a link, or the system's browser. */
  readonly url: string;
  readonly pending: PendingAuthorization;
}

/**
 * Begins the code flow (RFC 6749, 4.1.1): makes the address to send the user to, and the record to keep until they
 * come back. Sends nothing. Throws `TypeError` for options that no provider could answer.
 *
 * @example
 * const { url, pending } = await startAuthorization(twitch, {
 *   clientId,
 *   redirectUri: "http://localhost:3000/callback",
 *   scopes: ["user:read:email"],
 * });
 * session.pending = pending; // then redirect the browser to url
 */
export async function startAuthorization(
  provider: Provider,
  { random = drawBytes, now, ...start }: AuthorizationStart,
): Promise<StartedAuthorization> {
  checkProvider(provider);
  checkClient(start);
  checkRedirectUri(start.redirectUri);
  checkScopes(start.scopes);
  const state = drawToken(random);
  const codeVerifier = sendsChallenge(provider) ? drawToken(random) : undefined;
  const query = formatAuthorizationRequest(
    {
      ...start,
      state,
      codeChallenge: codeVerifier === undefined ? undefined : await createCodeChallenge(codeVerifier),
      extra: { ...provider.authorizeParameters, ...start.extra },
    },
    provider.dialect,
  );
  const { authorize } = provider.endpoints;
  return {
    url: `${authorize}${authorize.includes("?") ? "&" : "?"}${query}`,
    pending: {
      provider: provider.name,
      ...(provider.issuer === undefined ? {} : { issuer: provider.issuer }),
      clientId: start.clientId,
      redirectUri: start.redirectUri,
      scopes: [...start.scopes],
      state,
      ...(codeVerifier === undefined ? {} : { codeVerifier }),
      startedAt: now?.() ?? Math.floor(Date.now() / 1_000),
    },
  };
}

/** As RFC 6749, 3.1.2, wants it, but never parsed into another spelling. */
function checkRedirectUri(redirectUri: string): void {
  if (typeof redirectUri !== "string" || !URL.canParse(redirectUri) || redirectUri.includes("#")) {
    throw new TypeError("redirectUri must be an absolute address without a #, exactly as it is registered.");
  }
}

function checkScopes(scopes: readonly string[]): void {
  if (!Array.isArray(scopes)) throw new TypeError('scopes must be a list, such as ["user:read:email"].');
  for (const scope of scopes) {
    if (typeof scope !== "string" || !isScopeToken(scope)) {
      throw new TypeError(`"${String(scope)}" is not one scope. Give each scope as a string of its own.`);
    }
  }
}
