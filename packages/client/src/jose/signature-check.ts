import { FlowError } from "@codegrant/protocol";
import { compactVerify, createRemoteJWKSet, customFetch, errors } from "jose";
import { type CheckSignature, send } from "../transport.ts";

/**
 * A check of the signature of ID tokens (OpenID Connect Core, 3.1.3.7, 6), to be passed as `checkSignature`. Issuer,
 * audience, expiry and nonce are checked without it; a token that comes straight from the token endpoint over TLS needs
 * no more. The provider's keys are fetched when they are first needed and kept for ten minutes; an unknown key id has
 * them fetched again, at most twice a minute. Only public keys count: no secret, and never `none`.
 *
 * @example
 * const google = connect(provider, { ...options, checkSignature: createSignatureCheck() });
 */
export function createSignatureCheck(): CheckSignature {
  const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();
  return async (idToken, jwks, options) => {
    const keys = keySets.get(jwks) ?? keySetAt(jwks, options);
    // One for each provider; an application that has hundreds of them can afford to fetch some again.
    if (keySets.size >= maximumKeySets) keySets.clear();
    keySets.set(jwks, keys);
    try {
      await compactVerify(idToken, keys, { algorithms });
    } catch (error) {
      throw refusalOf(error, jwks);
    }
  };
}

const maximumKeySets = 100;

/** RFC 7518, 3.1, and RFC 8037: those with a public key. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

/** Fetched like everything else here: bounded in time and size, and no redirect is followed. */
function keySetAt(jwks: string, options: Parameters<CheckSignature>[2]): ReturnType<typeof createRemoteJWKSet> {
  const get = async (url: string): Promise<Response> => {
    const { body, status } = await send(url, { headers: { accept: "application/json" } }, options);
    return new Response(body, { status });
  };
  return createRemoteJWKSet(new URL(jwks), { [customFetch]: get, cacheMaxAge: 600_000, cooldownDuration: 30_000 });
}

/** No cause: jose's errors can hold the token's claims. */
function refusalOf(error: unknown, jwks: string): unknown {
  if (error instanceof FlowError) return error;
  if (error instanceof errors.JWKSTimeout) return new FlowError("ERR_TIMEOUT", `${jwks} did not answer in time.`);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return new FlowError("ERR_ID_TOKEN", `The ID token was signed with none of the keys at ${jwks}.`);
  }
  // Those without a class of their own say that the answer was no key set.
  if (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC") {
    return new FlowError("ERR_RESPONSE_SHAPE", `${jwks} does not answer with keys.`);
  }
  if (error instanceof errors.JOSEError) return new FlowError("ERR_ID_TOKEN", "The ID token's signature is not good.");
  return error;
}
