import { FlowError, parseAnswerBody, parseErrorResponse } from "@codegrant/protocol";
import { advise } from "../advice.ts";
import { checkProvider, type Provider } from "../provider.ts";
import { revealed } from "../secret.ts";
import type { Tokens } from "../tokens.ts";
import { type CallOptions, read, send } from "../transport.ts";

/** What the provider tells of the user to who holds the token; members beside `sub` are as it sent them. */
export interface Userinfo {
  /** The same as that of the ID token. */
  readonly sub: string;
  readonly [claim: string]: unknown;
}

/**
 * Asks an OpenID provider for the claims that the granted scopes open: `profile`, `email` and their like (OpenID
 * Connect Core, 5.3). Where the tokens came with an ID token, the answer must be of the same user. Throws a
 * `ConnectionError`, `ERR_USERINFO_MISMATCH` for another user's; `TypeError` if the provider has nowhere to ask.
 *
 * @example
 * const { email } = await fetchUserinfo(google, tokens);
 */
export async function fetchUserinfo(
  provider: Provider,
  tokens: Pick<Tokens, "accessToken" | "claims">,
  options: CallOptions = {},
): Promise<Userinfo> {
  checkProvider(provider);
  const url = provider.endpoints.userinfo;
  if (url === undefined) throw new TypeError(`${provider.title} has no userinfo.`);
  const token = revealed(tokens.accessToken);
  const headers = { ...provider.headers, accept: "application/json", authorization: `Bearer ${token}` };
  try {
    const answer = await send(url, { headers }, options);
    if (answer.status !== 200) throw read(answer, (one) => parseErrorResponse(one, provider.dialect));
    return checkUserinfo(parseAnswerBody(answer), tokens.claims?.sub);
  } catch (error) {
    throw advise(error, { provider, rows: userinfoRows, secrets: [token] });
  }
}

export const userinfoRows = {
  ERR_USERINFO_MISMATCH: {
    actor: "developer",
    retryable: false,
    hint: "Use the access token and the ID token of one and the same answer; then ask {provider} again.",
  },
} as const;

/** A token that was swapped opens somebody else's claims, which must not be taken for this user's (5.3.2). */
function checkUserinfo(body: Readonly<Record<string, unknown>>, sub: string | undefined): Userinfo {
  const found = body["sub"];
  if (typeof found !== "string" || found === "") {
    throw new FlowError("ERR_RESPONSE_SHAPE", "The answer is no userinfo: it does not say whose it is.");
  }
  if (sub !== undefined && sub !== found) {
    throw new FlowError("ERR_USERINFO_MISMATCH", "The userinfo is of another user than the ID token.");
  }
  return { ...body, sub: found };
}
