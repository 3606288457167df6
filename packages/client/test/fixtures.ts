import { rfc6749, twitch as twitchDialect } from "@codegrant/protocol";
import type { PendingAuthorization, Provider } from "../src/index.ts";

export const clientId = "wj4l4ksmn4oydu2f9ano65stxca4ie";
export const clientSecret = "Zm9vYmFyYmF6cXV4c2VjcmV0";
export const client = { clientId, clientSecret };
export const redirectUri = "https://app.example/callback";
export const startedAt = 1_800_000_000;

/** A provider with Twitch's ways, on a server of the test's own. */
export function provider(overrides: Partial<Provider> & { readonly url?: string } = {}): Provider {
  const { url = "https://provider.example", ...columns } = overrides;
  return {
    name: "example",
    title: "Example",
    dialect: twitchDialect,
    endpoints: {
      authorize: `${url}/authorize`,
      token: `${url}/token`,
      revoke: `${url}/revoke`,
      validate: `${url}/validate`,
    },
    pkce: "ignored",
    issuerInCallback: false,
    clientAuthentication: "post",
    codeNeedsSecret: false,
    revokeTakesSecret: false,
    sources: [],
    verifiedOn: "2026-11",
    ...columns,
  };
}

/** A provider that keeps to RFC 6749, RFC 7636 and RFC 9207. */
export function strictProvider(overrides: Partial<Provider> & { readonly url?: string } = {}): Provider {
  return provider({
    dialect: rfc6749,
    pkce: "required",
    issuer: "https://provider.example",
    issuerInCallback: true,
    clientAuthentication: "basic",
    revokeTakesSecret: true,
    ...overrides,
  });
}

let drawn = 0;

/** A record as `startAuthorization` gives it, with a state of its own, so that no two tests share a callback. */
export function pending(overrides: Partial<PendingAuthorization> = {}): PendingAuthorization {
  drawn += 1;
  return {
    provider: "example",
    clientId,
    redirectUri,
    scopes: ["user:read:email"],
    state: `state-${String(drawn).padStart(37, "0")}`,
    startedAt,
    ...overrides,
  };
}

export const now = (): number => startedAt + 60;

/** What a call throws; fails if it does not. */
export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    (value) => {
      throw new Error(`nothing was thrown, but ${JSON.stringify(value)} came back`);
    },
    (error: unknown) => error,
  );
}

export const tokenBody = {
  access_token: "cfabdegwdoklmawdzdo98xt2fo512y",
  expires_in: 14_124,
  refresh_token: "5b93chm6hdve3mycz05zfzatkfdenfspp1h1ar2xxdalen01",
  scope: ["user:read:email"],
  token_type: "bearer",
};
