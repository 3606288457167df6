import * as v2 from "@modelcontextprotocol/client";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMcpServer } from "./mcp-server.ts";
import type { Listening } from "./running.ts";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

const redirectUrl = "http://localhost:8090/callback";

let stage: Stage;
let mcp: Listening;

beforeAll(async () => {
  stage = await startStage();
  mcp = await startMcpServer(stage);
});
afterAll(async () => {
  await mcp.close();
  await stage.close();
});

interface Tokens {
  access_token: string;
  token_type: string;
  refresh_token?: string;
}

/** The provider of their examples: everything in memory, the application registered beforehand. */
function createProvider({ clientId, clientSecret }: Registered) {
  let tokens: Tokens | undefined;
  let verifier = "";
  let discovery: v2.OAuthDiscoveryState | undefined;
  const sentTo: URL[] = [];
  return {
    sentTo,
    redirectUrl,
    clientMetadata: {
      client_name: "Shelf reader",
      redirect_uris: [redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: clientSecret === "" ? "none" : "client_secret_post",
    },
    state: () => "state-of-the-client",
    clientInformation: () => ({
      client_id: clientId,
      ...(clientSecret !== "" && { client_secret: clientSecret }),
      issuer: stage.url,
    }),
    tokens: () => tokens,
    saveTokens: (saved: Tokens) => {
      tokens = saved;
    },
    redirectToAuthorization: (url: URL) => {
      sentTo.push(url);
    },
    saveCodeVerifier: (saved: string) => {
      verifier = saved;
    },
    codeVerifier: () => verifier,
    discoveryState: () => discovery,
    saveDiscoveryState: (saved: v2.OAuthDiscoveryState) => {
      discovery = saved;
    },
    invalidateCredentials: (scope: string) => {
      if (scope === "tokens" || scope === "all") tokens = undefined;
    },
  };
}

type Provider = ReturnType<typeof createProvider>;

interface Sdk {
  readonly name: string;
  /** Connects and pings. Rejects with "sent away" when the user has to approve first. */
  readonly ping: (provider: Provider) => Promise<void>;
  readonly finish: (provider: Provider, answer: URLSearchParams) => Promise<void>;
}

const sdks: readonly Sdk[] = [
  {
    name: "@modelcontextprotocol/sdk",
    ping: async (authProvider) => {
      const client = new Client({ name: "reader", version: "1.0.0" });
      const transport = new StreamableHTTPClientTransport(new URL(mcp.url), { authProvider });
      try {
        await client.connect(transport);
        await client.ping();
      } catch (error) {
        throw error instanceof UnauthorizedError ? new Error("sent away") : error;
      } finally {
        await client.close();
      }
    },
    finish: (authProvider, answer) =>
      new StreamableHTTPClientTransport(new URL(mcp.url), { authProvider }).finishAuth(answer.get("code") ?? ""),
  },
  {
    name: "@modelcontextprotocol/client",
    ping: async (authProvider) => {
      const client = new v2.Client({ name: "reader", version: "1.0.0" });
      const transport = new v2.StreamableHTTPClientTransport(new URL(mcp.url), { authProvider });
      try {
        await client.connect(transport);
        await client.ping();
      } catch (error) {
        throw error instanceof v2.UnauthorizedError ? new Error("sent away") : error;
      } finally {
        await client.close();
      }
    },
    // It reads the whole answer and holds its `iss` against the metadata.
    finish: (authProvider, answer) =>
      new v2.StreamableHTTPClientTransport(new URL(mcp.url), { authProvider }).finishAuth(answer),
  },
];

describe.each(sdks)("$name", ({ ping, finish }) => {
  it.each(["public", "confidential"] as const)(
    "finds us by metadata, connects for its resource, refreshes and starts anew once revoked (%s)",
    async (type) => {
      const app = await register(stage, redirectUrl, { type });
      const provider = createProvider(app);
      await expect(ping(provider)).rejects.toThrow("sent away");
      const [asked] = provider.sentTo;
      expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({
        resource: mcp.url,
        code_challenge_method: "S256",
        state: "state-of-the-client",
        scope: expect.stringContaining("user:read:email chat:read"),
      });
      await finish(provider, (await stage.approve(asked ?? "")).searchParams);
      await ping(provider);

      const first = provider.tokens();
      await revoke(app, first?.access_token);
      await ping(provider); // was refused, refreshed and asked again, by itself
      const second = provider.tokens();
      expect(second?.refresh_token).not.toBe(first?.refresh_token);
      expect(provider.sentTo).toHaveLength(1);

      await revoke(app, second?.refresh_token);
      await expect(ping(provider)).rejects.toThrow("sent away");
      expect(provider.sentTo).toHaveLength(2);
    },
  );
});

/** The SDKs have no call for it. */
async function revoke({ clientId, clientSecret }: Registered, token = ""): Promise<void> {
  const secret = clientSecret === "" ? {} : { client_secret: clientSecret };
  const body = new URLSearchParams({ client_id: clientId, ...secret, token });
  expect((await fetch(`${stage.url}/oauth/revoke`, { method: "POST", body })).status).toBe(200);
}
