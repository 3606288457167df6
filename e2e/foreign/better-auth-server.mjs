// better-auth's OAuth provider in a process of its own, since its types do not pass ours (exactOptionalPropertyTypes).
// Prints one line of JSON: where it is, a person's session, an application.
import { createServer } from "node:http";
import { oauthProvider } from "@better-auth/oauth-provider";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";

const models = ["user", "session", "account", "verification", "jwks", "oauthClient", "oauthConsent"];
const tables = [...models, "oauthAccessToken", "oauthRefreshToken"];

const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const url = `http://127.0.0.1:${server.address().port}`;

const auth = betterAuth({
  baseURL: url,
  secret: "a secret of this test alone, and long enough",
  database: memoryAdapter(Object.fromEntries(tables.map((name) => [name, []]))),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: "error" },
  disabledPaths: ["/token"],
  plugins: [
    jwt(),
    oauthProvider({
      loginPage: "/sign-in",
      consentPage: "/consent",
      scopes: ["openid", "profile", "email", "offline_access"],
      clientPrivileges: async () => true,
      silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
    }),
  ],
});
const handle = toNodeHandler(auth);
server.on("request", (request, response) => void handle(request, response));

const person = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };
const signedUp = await auth.api.signUpEmail({ body: person, asResponse: true });
const cookie = signedUp.headers
  .getSetCookie()
  .map((line) => line.split(";")[0])
  .join("; ");
const { client_id: clientId, client_secret: clientSecret } = await auth.api.adminCreateOAuthClient({
  headers: new Headers({ cookie, origin: url }),
  body: {
    client_name: "Printer",
    redirect_uris: [process.argv[2]],
    application_type: "native",
    token_endpoint_auth_method: "client_secret_basic",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    scope: "openid profile offline_access",
  },
});
console.log(JSON.stringify({ url, cookie, clientId, clientSecret }));
