// Arctic's Twitch knows one host, so here its fetch is turned to ours. Answers each line of stdin with a line of JSON.
import { createInterface } from "node:readline";
import { generateState, OAuth2RequestError, Twitch } from "arctic";

const [platform = "", clientId = "", clientSecret = "", redirectUri = ""] = process.argv.slice(2);
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  const url = request.url.replace("https://id.twitch.tv", platform);
  if (url === request.url) throw new Error(`Arctic asks another host: ${url}`);
  return fetch(new Request(url, request));
};

const twitch = new Twitch(clientId, clientSecret, redirectUri);
/** @type {Record<string, (...words: string[]) => unknown>} */
const calls = {
  start: (...scopes) => twitch.createAuthorizationURL(generateState(), scopes).href,
  exchange: async (code = "") => told(await twitch.validateAuthorizationCode(code)),
  refresh: async (token = "") => told(await twitch.refreshAccessToken(token)),
};

function told(/** @type {import("arctic").OAuth2Tokens} */ tokens) {
  return {
    accessToken: tokens.accessToken(),
    refreshToken: tokens.refreshToken(),
    tokenType: tokens.tokenType(),
    expiresInSeconds: tokens.accessTokenExpiresInSeconds(),
    expiresAt: tokens.accessTokenExpiresAt().getTime(),
    // Its scopes() reads only a string, and throws at Twitch's array as well.
    data: tokens.data,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [call = "", ...words] = line.split(" ");
  try {
    console.log(JSON.stringify({ answer: await calls[call]?.(...words) }));
  } catch (error) {
    const name = error instanceof OAuth2RequestError ? error.code : Object(error).constructor.name;
    console.log(JSON.stringify({ error: name, status: Object(error).status, data: Object(error).data }));
  }
}
