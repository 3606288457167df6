// How requests are written and replies read: the same for every OAuth server but for paths and names.

/**
 * @typedef {object} Description
 * @property {{ authorize: string, token: string, introspect?: string }} paths
 * @property {string} clientId
 * @property {string} clientSecret
 * @property {boolean} [secretInBody] where basic is not spoken
 * @property {string} scope
 * @property {string} [applicationScope] of client credentials, if another
 */

export const redirectUri = "https://app.example/callback";

/**
 * @param {Description} description
 * @returns {import("../types.ts").Requests}
 */
export function createRequests({
  paths,
  clientId,
  clientSecret,
  secretInBody = false,
  scope,
  applicationScope = scope,
}) {
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
    ...(!secretInBody && { authorization: basic }),
  };
  const credentials = secretInBody ? { client_id: clientId, client_secret: clientSecret } : {};
  const post = (/** @type {string} */ path, /** @type {Record<string, string>} */ fields) => ({
    method: "POST",
    path,
    headers,
    body: formOf({ ...fields, ...credentials }),
  });
  const asked = formOf({ response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope });
  return {
    redirectUri,
    authorize: ({ session, state, challenge }) => ({
      path: `${paths.authorize}?${asked}&state=${state}&code_challenge=${challenge}&code_challenge_method=S256`,
      headers: session,
    }),
    code({ status, headers: { location = "" }, body }, state) {
      const query = new URLSearchParams(location.split("?")[1]);
      const code = query.get("code");
      const isOurs = location.startsWith(`${redirectUri}?`) && query.get("state") === state;
      if (status < 300 || status > 399 || !isOurs || !code) throw new Error(`authorize: ${status} ${location || body}`);
      return code;
    },
    redeem: ({ code, verifier }) =>
      post(paths.token, {
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      }),
    refresh: (token) => post(paths.token, { grant_type: "refresh_token", refresh_token: token }),
    introspect: (token) => post(paths.introspect ?? "", { token }),
    clientCredentials: () =>
      post(paths.token, { grant_type: "client_credentials", ...(applicationScope && { scope: applicationScope }) }),
    tokens({ status, body }) {
      if (status !== 200) throw new Error(`token: ${status} ${body}`);
      return JSON.parse(body);
    },
    isActive: ({ status, body }) => status === 200 && JSON.parse(body).active === true,
  };
}

export function formOf(/** @type {Record<string, string>} */ fields) {
  return Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
}
