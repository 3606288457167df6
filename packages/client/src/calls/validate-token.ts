import { OAuthError, parseValidation, type Validation } from "@codegrant/protocol";
import { advise, type ConnectionError } from "../advice.ts";
import { checkProvider, type Provider } from "../provider.ts";
import { revealed, type Secret } from "../secret.ts";
import { type CallOptions, read, send } from "../transport.ts";

/** `dead`: the provider does not take the token any more. Compare `clientId` with your own. */
export type ValidationResult =
  | ({ readonly status: "alive" } & Validation)
  | { readonly status: "dead"; readonly error: ConnectionError };

/**
 * Asks the provider whose token this is and how long it lives. Twitch wants every session validated at its start and
 * once an hour. Throws a `ConnectionError` when there was no usable answer, which says nothing about the token;
 * `TypeError` if the provider has nowhere to ask.
 *
 * @example
 * const validation = await validateToken(twitch, tokens.accessToken);
 * if (validation.status === "alive") console.log(validation.login);
 */
export async function validateToken(
  provider: Provider,
  token: Secret | string,
  options: CallOptions = {},
): Promise<ValidationResult> {
  checkProvider(provider);
  const url = provider.endpoints.validate;
  if (url === undefined) throw new TypeError(`${provider.title} has no address to validate tokens at.`);
  const text = revealed(token);
  const authorization = `${provider.dialect.accessTokenSchemes[0] ?? "Bearer"} ${text}`;
  try {
    const headers = { ...provider.headers, accept: "application/json", authorization };
    const answer = await send(url, { headers }, options);
    return { status: "alive", ...read(answer, (one) => parseValidation(one, provider.dialect)) };
  } catch (error) {
    const advised = advise(error, { provider, rows: tokenRows, secrets: [text] });
    if (isDeath(advised)) return { status: "dead", error: advised };
    throw advised;
  }
}

export const otherClient =
  "Use the client id that the token was given to, and keep it beside the tokens; or log in again with this one. A code or a client id is no token.";

/** What a resource says of a token (RFC 6750, 3.1). */
export const tokenRows = {
  client_ids_differ: { actor: "developer", retryable: false, hint: otherClient },
  access_token_missing: {
    actor: "developer",
    retryable: false,
    hint: "The request came without its token. Take the headers from this library, and follow no redirect with them.",
  },
  insufficient_scope: {
    actor: "developer",
    retryable: false,
    hint: "Ask for the scope that is missing and have the user approve again; a refresh cannot add it.",
  },
} as const;

function isDeath(error: unknown): error is ConnectionError {
  return error instanceof OAuthError && error.code === "invalid_token";
}
