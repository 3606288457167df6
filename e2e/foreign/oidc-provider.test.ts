import type { RequestListener } from "node:http";
import { connect, createMemoryStore, discoverProvider, type Provider as KnownProvider } from "@codegrant/client";
import { connect as connectAtTerminal, createMachine } from "@codegrant/client/node";
import { Provider } from "oidc-provider";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFormWalker } from "./form-walker.ts";
import { type Listening, listen } from "./running.ts";

const secret = "a secret of the printer's own";
const scopes = ["openid", "profile"];

let listening: Listening;
let provider: KnownProvider;

beforeAll(async () => {
  let answer: RequestListener = () => undefined;
  listening = await listen((request, response) => answer(request, response));
  const theirs = createProvider(listening.url).callback();
  answer = (request, response) => void theirs(request, response);
  // It gives a refresh token only for offline_access, and that only with this prompt: both are found.
  provider = await discoverProvider(listening.url);
});
afterAll(() => listening.close());

function createProvider(issuer: string): Provider {
  const client = {
    redirect_uris: ["http://127.0.0.1/callback"],
    application_type: "native" as const,
    grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
  };
  return new Provider(issuer, {
    clients: [
      { ...client, client_id: "printer", client_secret: secret },
      { ...client, client_id: "public-printer", token_endpoint_auth_method: "none" },
    ],
    cookies: { keys: ["only for this test"] },
    claims: { openid: ["sub"], profile: ["preferred_username"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: `${id} the first` }) }),
    features: { revocation: { enabled: true }, introspection: { enabled: true }, deviceFlow: { enabled: true } },
    rotateRefreshToken: true,
  });
}

/** Logs in through the loopback of this machine, with a browser that is a script. */
function atTerminal(clientId: string, clientSecret: string | undefined, no?: string) {
  return connectAtTerminal(provider, {
    clientId,
    clientSecret,
    scopes,
    store: createMemoryStore(),
    redirectUri: "http://127.0.0.1:0/callback",
    machine: {
      ...createMachine(),
      openBrowser: async (url) => {
        const back = await createFormWalker({ login: "ada", password: "any will do" }).walk(url, no);
        // The listener answers while the login goes on.
        if (back !== undefined) void fetch(back);
        return true;
      },
      tell: () => undefined,
    },
  });
}

describe("oidc-provider, found by its issuer", () => {
  it.each([
    ["a confidential application", "printer", secret],
    ["a public one", "public-printer", undefined],
  ])("%s logs in, refreshes and logs out", async (_kind, clientId, clientSecret) => {
    const connection = atTerminal(clientId, clientSecret);
    expect(await connection.login({ timeoutSeconds: 15 })).toMatchObject({
      status: "approved",
      who: { id: "ada" },
      scopes: ["openid", "profile", "offline_access"],
    });
    const first = await connection.accessToken();
    expect(await connection.refresh()).toMatchObject({ state: "active", hasRefreshToken: true });
    const second = await connection.accessToken();
    expect(second.reveal()).not.toBe(first.reveal());
    const me = await connection.fetch("/me");
    expect(await me.json()).toMatchObject({ sub: "ada", preferred_username: "ada the first" });

    expect(await connection.logout()).toEqual({ revoked: "revoked", forgotten: true });
    const refused = await fetch(`${listening.url}/me`, { headers: { authorization: `Bearer ${second.reveal()}` } });
    expect(refused.status).toBe(401);
  });

  it("brings back the person's no as a result", async () => {
    const result = await atTerminal("printer", secret, "/abort").login({ timeoutSeconds: 15 });
    expect(result).toMatchObject({ status: "declined", error: { code: "access_denied" } });
  });

  it("logs in by device", async () => {
    const connection = connect(provider, { clientId: "public-printer", scopes });
    const walker = createFormWalker({ login: "ada", password: "any will do" });
    const result = await connection.login({
      method: "device",
      timeoutSeconds: 15,
      onPrompt: (prompt) => void (prompt.kind === "device" && walker.walk(prompt.url)),
    });
    expect(result).toMatchObject({ status: "approved", who: { id: "ada" } });
    expect(await connection.refresh()).toMatchObject({ state: "active" });
  });
});
