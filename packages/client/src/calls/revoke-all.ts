import { type ConnectionError, isConnectionError } from "../advice.ts";
import type { ClientCredentials, Provider } from "../provider.ts";
import type { Tokens } from "../tokens.ts";
import type { CallOptions } from "../transport.ts";
import { type RevokeResult, revokeToken, tokensToRevoke } from "./revoke-token.ts";

export interface RevokedAll {
  readonly revoked: RevokeResult["status"] | "failed" | "not_offered" | "nothing_to_revoke";
  readonly error?: ConnectionError;
}

/** Ends all of a connection that the provider lets an application end. What fails is told and not thrown. */
export async function revokeAll({ provider, client, call }: RevokeParts, tokens: Tokens): Promise<RevokedAll> {
  if (provider.endpoints.revoke === undefined) return { revoked: "not_offered" };
  const results: RevokedAll[] = [];
  for (const token of tokensToRevoke(provider, tokens)) {
    try {
      results.push({ revoked: (await revokeToken(provider, client, token, call)).status });
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      results.push({ revoked: "failed", error });
    }
  }
  return results.find(({ revoked }) => revoked === "failed") ?? results[0] ?? { revoked: "nothing_to_revoke" };
}

export interface RevokeParts {
  readonly provider: Provider;
  readonly client: ClientCredentials;
  readonly call: CallOptions;
}
