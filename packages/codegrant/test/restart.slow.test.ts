import path from "node:path";
import { createApplication, createUser } from "@codegrant/server";
import { type RunningServer, startServer } from "codegrant";
import { expect, it } from "vitest";
import { temporaryFolder } from "./command.ts";
import { createUserAgent } from "./user-agent.ts";

const user = { login: "ninja", password: "correct horse battery" };
const redirectUri = "http://localhost/";

/** A server that can be stopped and begun again on the same file. */
async function startPlatform() {
  const db = path.join(temporaryFolder(), "platform.db");
  const start = (): Promise<RunningServer> =>
    startServer({ db, port: 0, dialect: "twitch", log: () => undefined, warn: () => undefined });
  let server = await start();
  await createUser(server.platform, user);
  const input = { name: "Photo printer", type: "confidential", redirectUris: [redirectUri] } as const;
  const { application, clientSecret = "" } = await createApplication(server.platform, input);
  const client = { client_id: application.clientId, client_secret: clientSecret };
  return {
    async restart(): Promise<void> {
      await server.close();
      server = await start();
    },
    close: () => server.close(),
    async code(): Promise<string> {
      const { client_id } = client;
      const query = { response_type: "code", client_id, redirect_uri: redirectUri, scope: "" };
      const url = `${server.url}/oauth2/authorize?${new URLSearchParams(query)}`;
      const { left } = await createUserAgent().walk(url, { ...user, decision: "approve" });
      return left?.searchParams.get("code") ?? "";
    },
    async token(fields: Readonly<Record<string, string>>) {
      const body = new URLSearchParams({ ...client, ...fields });
      const response = await fetch(`${server.url}/oauth2/token`, { method: "POST", body });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

it("CD-15: a code outlives a restart, and that it was used does too", async () => {
  const platform = await startPlatform();
  const code = await platform.code();
  const exchange = { grant_type: "authorization_code", code, redirect_uri: redirectUri };
  await platform.restart();
  expect((await platform.token(exchange)).status).toBe(200);
  await platform.restart();
  expect(await platform.token(exchange)).toEqual({
    status: 400,
    body: { status: 400, message: "Invalid authorization code" },
  });
  await platform.close();
});

it("RF-13: a refresh token that was spent before a restart is theft after it, and ends the grant", async () => {
  const platform = await startPlatform();
  const first = await platform.token({
    grant_type: "authorization_code",
    code: await platform.code(),
    redirect_uri: redirectUri,
  });
  const refresh = (token: unknown) => platform.token({ grant_type: "refresh_token", refresh_token: String(token) });
  const second = await refresh(first.body["refresh_token"]);
  const third = await refresh(second.body["refresh_token"]);
  await refresh(third.body["refresh_token"]);
  await platform.restart();
  expect((await refresh(first.body["refresh_token"])).status).toBe(400);
  expect((await refresh(third.body["refresh_token"])).status).toBe(400);
  await platform.close();
});
