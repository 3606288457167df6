// The least glue that is honest: a cookie names the user, and consent is taken as given.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import OAuth2Server from "@node-oauth/oauth2-server";

const client = {
  id: "client-1",
  secret: "secret-of-client-1",
  redirectUris: ["https://app.example/callback"],
  grants: ["authorization_code", "refresh_token", "client_credentials"],
};
const [sessions, codes, accessTokens, refreshTokens] = [new Map(), new Map(), new Map(), new Map()];

const model = {
  getClient(id, secret) {
    if (id !== client.id) return false;
    if (secret == null) return client;
    const [sent, known] = [Buffer.from(secret), Buffer.from(client.secret)];
    return sent.length === known.length && timingSafeEqual(sent, known) ? client : false;
  },
  getUserFromClient: () => ({ id: "service" }),
  validateScope: (_user, _client, scope) => (scope?.every((name) => name === "api:read") ? scope : false),
  saveAuthorizationCode(code, ofClient, user) {
    const saved = { ...code, client: ofClient, user };
    codes.set(code.authorizationCode, saved);
    return saved;
  },
  getAuthorizationCode: (code) => codes.get(code),
  revokeAuthorizationCode: (code) => codes.delete(code.authorizationCode),
  saveToken(token, ofClient, user) {
    const saved = { ...token, client: ofClient, user };
    accessTokens.set(token.accessToken, saved);
    if (token.refreshToken) refreshTokens.set(token.refreshToken, saved);
    return saved;
  },
  getAccessToken: (token) => accessTokens.get(token),
  getRefreshToken: (token) => refreshTokens.get(token),
  revokeToken: (token) => refreshTokens.delete(token.refreshToken),
};
const oauth = new OAuth2Server({ model });
const authenticateHandler = {
  handle: (request) => sessions.get(/(?:^|; )sid=([^;]+)/.exec(request.headers.cookie)?.[1]),
};

async function answer(request, response, path, query) {
  if (path === "/login") return signIn(response, query.user);
  if (path === "/up") return send(response, 200, {}, { up: true });
  const body = request.method === "POST" ? await bodyOf(request) : {};
  const asked = new OAuth2Server.Request({ headers: request.headers, method: request.method, query, body });
  const told = new OAuth2Server.Response({});
  if (path === "/authorize") await oauth.authorize(asked, told, { authenticateHandler });
  else await oauth.token(asked, told);
  send(response, told.status, told.headers, told.body);
}

function signIn(response, user) {
  const sid = randomBytes(32).toString("base64url");
  sessions.set(sid, { id: user });
  send(response, 200, { "set-cookie": `sid=${sid}; Path=/; HttpOnly` });
}

function send(response, status, headers, body = {}) {
  const text = Object.keys(body).length === 0 ? "" : JSON.stringify(body);
  const type = text === "" ? {} : { "content-type": "application/json" };
  response.writeHead(status, { ...headers, ...type, "content-length": Buffer.byteLength(text) }).end(text);
}

function bodyOf(request) {
  return new Promise((resolve, reject) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    request.on("error", reject).on("end", () => resolve(Object.fromEntries(new URLSearchParams(text))));
  });
}

createServer((request, response) => {
  const [path, query = ""] = request.url.split("?");
  answer(request, response, path, Object.fromEntries(new URLSearchParams(query))).catch((error) =>
    send(response, error.code ?? 500, {}, { error: error.name, error_description: error.message }),
  );
}).listen(Number(process.env["PORT"]), "127.0.0.1");
