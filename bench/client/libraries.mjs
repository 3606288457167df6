// One code flow of an application with each library, the network excluded: make verifier and state, build the URL, check
// the callback, exchange the code, read the answer.
import { redirectUri } from "../peers/requests.mjs";

const [clientId, clientSecret, issuer] = ["client-1", "secret-of-client-1", "https://id.example"];
const answer = JSON.stringify({
  access_token: "a".repeat(68),
  token_type: "Bearer",
  expires_in: 3_600,
  refresh_token: "r".repeat(68),
  scope: "profile",
});
const headers = { "content-type": "application/json" };
/** In place of the network, for all of them. */
const reply = async () => new Response(answer, { status: 200, headers });
const callbackOf = (/** @type {string | null} */ state) =>
  new URL(`${redirectUri}?code=some-code-of-the-server&state=${state}&iss=${encodeURIComponent(issuer)}`);

/** Each makes a function that does one flow. @type {Readonly<Record<string, () => Promise<() => Promise<unknown>>>>} */
export const libraries = {
  "@codegrant/client": codegrant,
  oauth4webapi: withOauth4webapi,
  "openid-client": withOpenidClient,
  arctic: withArctic,
};

async function codegrant() {
  const { codegrantProvider, finishAuthorization, startAuthorization } = await import(
    "../../packages/client/dist/index.js"
  );
  const provider = codegrantProvider(issuer, "rfc6749");
  const options = { fetch: reply };
  return async () => {
    const { url, pending } = await startAuthorization(provider, { clientId, redirectUri, scopes: ["profile"] });
    const callback = callbackOf(new URL(url).searchParams.get("state"));
    const result = await finishAuthorization(provider, { clientId, clientSecret }, pending, callback, options);
    if (result.status !== "approved") throw new Error(result.status);
  };
}

async function withOauth4webapi() {
  const oauth = await import("oauth4webapi");
  const server = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    authorization_response_iss_parameter_supported: true,
  };
  const client = { client_id: clientId };
  const authentication = oauth.ClientSecretBasic(clientSecret);
  return async () => {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(server.authorization_endpoint);
    const challenge = await oauth.calculatePKCECodeChallenge(verifier);
    fill(url, { response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope: "profile", state });
    fill(url, { code_challenge: challenge, code_challenge_method: "S256" });
    const parameters = oauth.validateAuthResponse(server, client, callbackOf(url.searchParams.get("state")), state);
    const options = { [oauth.customFetch]: reply };
    const sent = [server, client, authentication, parameters, redirectUri, verifier, options];
    const response = await oauth.authorizationCodeGrantRequest(
      .../** @type {[any, any, any, any, any, any, any]} */ (sent),
    );
    return oauth.processAuthorizationCodeResponse(server, client, response);
  };
}

async function withOpenidClient() {
  const openid = await import("openid-client");
  const metadata = { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` };
  const configuration = new openid.Configuration(
    { ...metadata, authorization_response_iss_parameter_supported: true },
    clientId,
    clientSecret,
    openid.ClientSecretBasic(clientSecret),
  );
  configuration[openid.customFetch] = reply;
  return async () => {
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const challenge = await openid.calculatePKCECodeChallenge(verifier);
    const asked = { redirect_uri: redirectUri, scope: "profile", state };
    const url = openid.buildAuthorizationUrl(configuration, {
      ...asked,
      code_challenge: challenge,
      code_challenge_method: "S256",
    });
    const callback = callbackOf(url.searchParams.get("state"));
    return openid.authorizationCodeGrant(configuration, callback, { pkceCodeVerifier: verifier, expectedState: state });
  };
}

async function withArctic() {
  const arctic = await import("arctic");
  const client = new arctic.OAuth2Client(clientId, clientSecret, redirectUri);
  // It takes no other fetch than the global one.
  globalThis.fetch = reply;
  return async () => {
    const state = arctic.generateState();
    const verifier = arctic.generateCodeVerifier();
    const method = arctic.CodeChallengeMethod.S256;
    const url = client.createAuthorizationURLWithPKCE(`${issuer}/authorize`, state, method, verifier, ["profile"]);
    const callback = callbackOf(url.searchParams.get("state"));
    const code = callback.searchParams.get("code");
    if (code === null || callback.searchParams.get("state") !== state) throw new Error("state");
    const tokens = await client.validateAuthorizationCode(`${issuer}/token`, code, verifier);
    return [tokens.accessToken(), tokens.refreshToken()];
  };
}

function fill(/** @type {URL} */ url, /** @type {Record<string, string>} */ parameters) {
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
}
