// A page's own script: oauth4webapi as a public application in a browser, on another origin than the platform.
// Not typed: its import is mapped to the file that the test serves.
import * as oauth from "oauth4webapi";

const { issuer, clientId } = JSON.parse(document.querySelector("#settings").textContent);
const redirectUri = `${location.origin}/callback`;
const insecure = { [oauth.allowInsecureRequests]: true };
const client = { client_id: clientId };

async function discover() {
  const response = await oauth.discoveryRequest(new URL(issuer), {
    algorithm: "oauth2",
    // As MCP clients do: a header that no form could send, so the browser asks first.
    headers: { "MCP-Protocol-Version": "2025-11-25" },
    ...insecure,
  });
  return oauth.processDiscoveryResponse(new URL(issuer), response);
}

async function leave() {
  const server = await discover();
  sessionStorage.verifier = oauth.generateRandomCodeVerifier();
  sessionStorage.state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "user:read:email",
    code_challenge: await oauth.calculatePKCECodeChallenge(sessionStorage.verifier),
    code_challenge_method: "S256",
    state: sessionStorage.state,
  });
  location.assign(url);
}

async function comeBack() {
  const server = await discover();
  const none = oauth.None();
  const parameters = oauth.validateAuthResponse(server, client, new URL(location.href), sessionStorage.state);
  history.replaceState(undefined, "", "/callback");
  const exchanged = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    none,
    parameters,
    redirectUri,
    sessionStorage.verifier,
    insecure,
  );
  const first = await oauth.processAuthorizationCodeResponse(server, client, exchanged);
  const refreshed = await oauth.refreshTokenGrantRequest(server, client, none, first.refresh_token, insecure);
  const second = await oauth.processRefreshTokenResponse(server, client, refreshed);
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, client, none, second.refresh_token, insecure),
  );
  // An error must be readable across origins too.
  const again = await oauth.refreshTokenGrantRequest(server, client, none, second.refresh_token, insecure);
  const dead = await oauth.processRefreshTokenResponse(server, client, again).catch((error) => error.error);
  return { scope: second.scope, accessToken: second.access_token, dead };
}

const work = location.pathname === "/callback" ? comeBack() : leave();
const told = await work.catch((error) => ({ failed: `${error}: ${error.cause}` }));
if (told) document.querySelector("output").textContent = JSON.stringify(told);
