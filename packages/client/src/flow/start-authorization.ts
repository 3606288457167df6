import { formatAuthorizationRequest, isScopeToken, type Prompt } from "@codegrant/protocol";
import { idTokenIssuersOf } from "../id-token.ts";
import { checkClient, checkProvider, type Provider } from "../provider.ts";
import { createCodeChallenge, drawBytes, drawToken, type Random } from "../random.ts";
import { scopesToAsk } from "../scopes.ts";
import { asksForIdToken, type PendingAuthorization, sendsChallenge } from "./pending.ts";

export interface AuthorizationStart {
  readonly clientId: string;
  /** Byte for byte as registered; it is never re-written. */
  readonly redirectUri: string;
  /** One string per scope; as few as possible. */
  readonly scopes: readonly string[];
  /** Show the consent page though the user has approved before: lets them switch account. */
  readonly forceConsent?: boolean | undefined;
  /** Where the provider reads it (OpenID Connect Core, 3.1.2.1); by default whatever it takes to get tokens. */
  readonly prompt?: readonly Prompt[] | undefined;
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
  { random = drawBytes, now, forceConsent, prompt, ...start }: AuthorizationStart,
): Promise<StartedAuthorization> {
  checkProvider(provider);
  checkClient(start);
  checkRedirectUri(start.redirectUri);
  checkScopes(start.scopes);
  const scopes = scopesToAsk(provider, start.scopes);
  checkOpenId(provider, scopes, start.extra);
  const state = drawToken(random);
  const codeVerifier = sendsChallenge(provider) ? drawToken(random) : undefined;
  const nonce = asksForIdToken(scopes) ? drawToken(random) : undefined;
  const query = formatAuthorizationRequest(
    {
      ...start,
      ...promptsOf(provider, prompt, forceConsent),
      scopes,
      state,
      codeChallenge: codeVerifier === undefined ? undefined : createCodeChallenge(codeVerifier),
      responseMode: provider.responseMode,
      extra: { ...provider.authorizeParameters, ...start.extra, ...(nonce === undefined ? {} : { nonce }) },
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
      scopes: [...scopes],
      state,
      ...(codeVerifier === undefined ? {} : { codeVerifier }),
      ...(nonce === undefined ? {} : { nonce }),
      startedAt: now?.() ?? Math.floor(Date.now() / 1_000),
    },
  };
}

type Prompts = Pick<AuthorizationStart, "prompt" | "forceConsent">;

/** The caller's own prompt, else the provider's for another account, else its usual one. */
function promptsOf(provider: Provider, prompt: Prompts["prompt"], forceConsent: Prompts["forceConsent"]): Prompts {
  if (prompt !== undefined) return { prompt, forceConsent };
  if (forceConsent === true && provider.forceConsentPrompt !== undefined)
    return { prompt: provider.forceConsentPrompt };
  return { prompt: provider.prompt, forceConsent };
}

/** An ID token that could not be checked is not asked for. */
function checkOpenId(provider: Provider, scopes: readonly string[], extra: AuthorizationStart["extra"]): void {
  if (!asksForIdToken(scopes)) return;
  if (idTokenIssuersOf(provider).length === 0) {
    throw new TypeError(`${provider.title} has no known issuer, so its ID tokens cannot be checked. Leave openid out.`);
  }
  if (extra?.["nonce"] !== undefined) throw new TypeError("The nonce is drawn here and checked later. Leave it out.");
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
