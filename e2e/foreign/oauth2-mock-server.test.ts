import { type Connection, type ConnectOptions, connect, discoverProvider, type Provider } from "@codegrant/client";
import { type MutableResponse, OAuth2Server } from "oauth2-mock-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { approvedOnTheWeb, connectOnTheWeb, webRedirectUri } from "./web-visitor.ts";

let server: OAuth2Server;
let provider: Provider;

beforeEach(async () => {
  server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "localhost");
  provider = await discoverProvider(String(server.issuer.url));
});
afterEach(() => server.stop());

function application(options: Partial<ConnectOptions> = {}): Connection {
  return connect(provider, { clientId: "printer", scopes: ["openid"], redirectUri: webRedirectUri, ...options });
}

/** What it answers next at the token endpoint. */
function answerNext(statusCode: number, body: Record<string, unknown>): void {
  server.service.once("beforeResponse", (response: MutableResponse) => Object.assign(response, { statusCode, body }));
}

describe("oauth2-mock-server, found by its issuer", () => {
  it.each([undefined, "a secret it never looks at"])(
    "logs in, refreshes, is used and revoked (secret: %s)",
    async (secret) => {
      const connection = await approvedOnTheWeb(application(secret === undefined ? {} : { clientSecret: secret }));
      expect(await connection.status()).toMatchObject({
        state: "active",
        who: { id: "johndoe" },
        // Whatever was asked for.
        scopes: ["dummy"],
        hasRefreshToken: true,
      });
      const first = await connection.accessToken();
      expect(await connection.refresh()).toMatchObject({ state: "active" });
      expect(await connection.logout()).toMatchObject({ revoked: "revoked", forgotten: true });
      expect(String(first)).toMatch(/^~/);
    },
  );

  it("a token of another application, another issuer or another login is not kept", async () => {
    for (const claims of [{ aud: "other" }, { iss: "https://elsewhere.example" }, { nonce: "of another login" }]) {
      server.service.on("beforeTokenSigning", (token: { payload: object }) => Object.assign(token.payload, claims));
      await expect(connectOnTheWeb(application())).rejects.toMatchObject({ code: "ERR_ID_TOKEN", actor: "developer" });
      server.service.removeAllListeners("beforeTokenSigning");
    }
    expect(await application().accounts()).toEqual([]);
  });

  it("its error is told, and its outage passes", async () => {
    answerNext(400, { error: "invalid_grant" });
    await expect(connectOnTheWeb(application())).rejects.toMatchObject({ code: "invalid_grant", actor: "user" });
    const connection = await approvedOnTheWeb(application());
    answerNext(503, {});
    await expect(connection.refresh()).rejects.toMatchObject({ actor: "nobody", retryable: true });
    expect(await connection.status()).toMatchObject({ state: "provider_down", isUsable: true });
    answerNext(400, { error: "invalid_grant" });
    await expect(connection.refresh()).rejects.toMatchObject({ code: "ERR_LOGIN_NEEDED" });
  });
});
