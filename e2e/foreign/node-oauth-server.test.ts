import {
  type Connection,
  type ConnectOptions,
  connect,
  defineProvider,
  finishAuthorization,
  type Provider,
  refreshTokens,
  startAuthorization,
} from "@codegrant/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNodeOAuthServer, printer } from "./node-oauth-server.ts";
import { type Listening, listen } from "./running.ts";
import { approvedOnTheWeb, connectOnTheWeb, webRedirectUri } from "./web-visitor.ts";

let listening: Listening;
let provider: Provider;

beforeAll(async () => {
  const answer = createNodeOAuthServer();
  listening = await listen((incoming, outgoing) => void answer(incoming, outgoing).catch(() => outgoing.destroy()));
  const { url } = listening;
  provider = defineProvider({
    name: "photos",
    endpoints: { authorize: `${url}/authorize`, token: `${url}/token`, userinfo: `${url}/me` },
    identity: [{ from: "userinfo", id: ["id"], login: ["login"] }],
    api: { baseUrl: url },
  });
});
afterAll(() => listening.close());

function application(options: Partial<ConnectOptions> = {}): Connection {
  const client = { clientId: printer.id, clientSecret: printer.secret };
  return connect(provider, { ...client, scopes: ["photos"], redirectUri: webRedirectUri, ...options });
}

describe("@node-oauth/oauth2-server, by its endpoints", () => {
  it.each<"basic" | "post">(["basic", "post"])(
    "logs in, refreshes and is used, with the secret by %s",
    async (method) => {
      const { url } = listening;
      const columns = { ...provider, clientAuthentication: method };
      const client = { clientId: printer.id, clientSecret: printer.secret };
      const app = connect(columns, { ...client, scopes: ["photos"], redirectUri: webRedirectUri });
      const connection = await approvedOnTheWeb(app);
      expect(await connection.status()).toMatchObject({
        state: "active",
        who: { id: "1", login: "ada" },
        scopes: ["photos"],
        hasRefreshToken: true,
      });
      const first = await connection.accessToken();
      expect(await connection.refresh()).toMatchObject({ state: "active" });
      expect((await connection.accessToken()).reveal()).not.toBe(first.reveal());
      expect(await (await connection.fetch(`${url}/me`)).json()).toMatchObject({ login: "ada", scope: ["photos"] });
      // It has nowhere to revoke.
      expect(await connection.logout()).toMatchObject({ revoked: "not_offered", forgotten: true });
    },
  );

  it("takes a public application's verifier in place of a secret, and refreshes it never", async () => {
    const connection = await approvedOnTheWeb(application({ clientSecret: undefined }));
    expect(await (await connection.fetch("/me")).json()).toMatchObject({ login: "ada" });
    await expect(connection.refresh()).rejects.toMatchObject({ code: "invalid_client", actor: "developer" });
    expect(await connection.status()).toMatchObject({ isUsable: true, state: "client_broken" });
  });

  it("brings back the person's no as a result, and an unknown scope as an error", async () => {
    const no = await connectOnTheWeb(application(), (url) => url.searchParams.set("allowed", "false"));
    expect(no).toMatchObject({ status: "declined", error: { code: "access_denied" } });
    await expect(connectOnTheWeb(application({ scopes: ["videos"] }))).rejects.toMatchObject({
      code: "invalid_scope",
      actor: "developer",
    });
  });

  it("says that the secret is wrong", async () => {
    await expect(connectOnTheWeb(application({ clientSecret: "wrong" }))).rejects.toMatchObject({
      code: "invalid_client",
      actor: "developer",
    });
  });

  it("spends a refresh token by its use: the same one again is refused, and the hint says what to do", async () => {
    const client = { clientId: printer.id, clientSecret: printer.secret };
    const asked = { clientId: printer.id, redirectUri: webRedirectUri, scopes: ["photos"] };
    const { url, pending } = await startAuthorization(provider, asked);
    const callback = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
    const result = await finishAuthorization(provider, client, pending, callback);
    if (result.status !== "approved") throw result.error;
    expect((await refreshTokens(provider, client, result.tokens)).scopes).toEqual(["photos"]);
    await expect(refreshTokens(provider, client, result.tokens)).rejects.toMatchObject({
      code: "invalid_grant",
      actor: "user",
      hint: expect.stringContaining("log in again"),
    });
  });
});
