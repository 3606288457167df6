import type { IncomingMessage, ServerResponse } from "node:http";
import OAuth2Server from "@node-oauth/oauth2-server";

const { Request, Response } = OAuth2Server;

/** The application that is registered there. */
export const printer: OAuth2Server.Client & { readonly secret: string } = {
  id: "printer",
  secret: "aSecretOfThePrinters",
  grants: ["authorization_code", "refresh_token"],
  redirectUris: ["https://app.example/callback"],
};

const ada: OAuth2Server.User = { id: "1", login: "ada" };

/** @node-oauth/oauth2-server as its documentation sets it up, with a model in memory; Ada is signed in. */
export function createNodeOAuthServer(): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  const server = new OAuth2Server({ model: createModel(), authenticateHandler: { handle: () => ada } });
  return async (incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
    const { method = "GET", headers } = incoming;
    const body = Object.fromEntries(new URLSearchParams(await readText(incoming)));
    const request = new Request({
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      query: Object.fromEntries(searchParams),
      body,
    });
    const response = new Response();
    try {
      if (pathname === "/authorize") await server.authorize(request, response);
      else if (pathname === "/token") await server.token(request, response);
      else {
        const { user, scope } = await server.authenticate(request, response);
        response.body = { ...user, scope };
      }
    } catch (error) {
      if (!(error instanceof OAuth2Server.OAuthError)) throw error;
      // As its own adapters do it: a redirect stays one.
      response.status = response.status === 302 ? 302 : error.code;
      response.body ??= { error: error.name };
    }
    outgoing.writeHead(response.status ?? 200, { ...response.headers, "content-type": "application/json" });
    outgoing.end(JSON.stringify(response.body));
  };
}

function createModel(): OAuth2Server.AuthorizationCodeModel & OAuth2Server.RefreshTokenModel {
  const codes = new Map<string, OAuth2Server.AuthorizationCode>();
  const byAccess = new Map<string, OAuth2Server.Token>();
  const byRefresh = new Map<string, OAuth2Server.RefreshToken>();
  return {
    // It asks without a secret at the authorize endpoint, and where a verifier came in its place.
    getClient: async (id, secret: string | null | undefined) =>
      id === printer.id && (secret ?? printer.secret) === printer.secret ? printer : undefined,
    async saveAuthorizationCode(code, client, user) {
      const saved = { ...code, client, user };
      codes.set(code.authorizationCode, saved);
      return saved;
    },
    getAuthorizationCode: async (code) => codes.get(code),
    revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
    async saveToken(token, client, user) {
      const saved = { ...token, client, user };
      byAccess.set(token.accessToken, saved);
      if (token.refreshToken !== undefined)
        byRefresh.set(token.refreshToken, { ...saved, refreshToken: token.refreshToken });
      return saved;
    },
    getAccessToken: async (token) => byAccess.get(token),
    getRefreshToken: async (token) => byRefresh.get(token),
    revokeToken: async ({ refreshToken }) => byRefresh.delete(refreshToken),
    validateScope: async (_user, _client, scope = []) => (scope.every((one) => one === "photos") ? scope : false),
  };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString();
}
