import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Connection, createMemoryStore, discoverProvider, type Provider } from "@codegrant/client";
import { connect, createMachine } from "@codegrant/client/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listen } from "./running.ts";

const scopes = ["openid", "profile"];

/** What better-auth-server.mjs says of itself; the cookie is a person's session. */
interface Server {
  readonly url: string;
  readonly cookie: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

let server: Server;
let provider: Provider;
let redirectUri: string;
let stop = (): unknown => undefined;

beforeAll(async () => {
  const { url, close } = await listen(() => undefined);
  await close();
  redirectUri = url.replace("127.0.0.1", "localhost");
  const script = fileURLToPath(new URL("better-auth-server.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, redirectUri], { stdio: ["ignore", "pipe", "inherit"] });
  stop = () => child.kill();
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  server = JSON.parse(String(line)) as Server;
  provider = await discoverProvider(`${server.url}/api/auth`);
});
afterAll(() => void stop());

/** The person at the consent page, which is the host's own to write. */
async function decide(authorizeUrl: string, accept: boolean): Promise<string> {
  const asked = await fetch(authorizeUrl, { redirect: "manual", headers: { cookie: server.cookie } });
  // To a script it says in JSON what it would send a browser to.
  const page = new URL(await urlIn(asked), server.url);
  expect(page.pathname).toBe("/consent");
  const answered = await fetch(`${server.url}/api/auth/oauth2/consent`, {
    method: "POST",
    headers: { cookie: server.cookie, origin: server.url, "content-type": "application/json" },
    body: JSON.stringify({ accept, oauth_query: page.search.slice(1) }),
  });
  return await urlIn(answered);
}

async function urlIn(response: Response): Promise<string> {
  const text = await response.text();
  const body = JSON.parse(text) as { readonly url?: string };
  if (body.url === undefined) throw new Error(`${response.status} ${text}`);
  return body.url;
}

function atTerminal(accept: boolean): Connection {
  return connect(provider, {
    clientId: server.clientId,
    clientSecret: server.clientSecret,
    scopes,
    store: createMemoryStore(),
    redirectUri,
    machine: {
      ...createMachine(),
      openBrowser: async (url) => {
        const back = await decide(url, accept);
        // The listener answers while the login goes on.
        void fetch(back);
        return true;
      },
      tell: () => undefined,
    },
  });
}

describe("better-auth's OAuth provider, found by its issuer", () => {
  it("brings back the person's no as a result", async () => {
    const result = await atTerminal(false).login({ timeoutSeconds: 10 });
    expect(result).toMatchObject({ status: "declined", error: { code: "access_denied" } });
  });

  it("logs in, refreshes and logs out", async () => {
    const connection = atTerminal(true);
    expect(await connection.login({ timeoutSeconds: 10 })).toMatchObject({
      status: "approved",
      who: { id: expect.any(String) },
      scopes: ["openid", "profile", "offline_access"],
    });
    const first = await connection.accessToken();
    expect(await connection.refresh()).toMatchObject({ state: "active", hasRefreshToken: true });
    const second = await connection.accessToken();
    expect(second.reveal()).not.toBe(first.reveal());
    const me = await connection.fetch("/api/auth/oauth2/userinfo");
    expect(await me.json()).toMatchObject({ name: "Ada" });
    expect(await connection.logout()).toEqual({ revoked: "revoked", forgotten: true });
    const authorization = `Bearer ${second.reveal()}`;
    const refused = await fetch(`${server.url}/api/auth/oauth2/userinfo`, { headers: { authorization } });
    expect(refused.status).toBe(401);
  });
});
