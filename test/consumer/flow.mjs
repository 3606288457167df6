// Runs in a folder that has the packages from their tarballs: a platform in this process, and an application that gets
// a token there, refreshes it, uses it, and gives it back. Prints what it saw, as JSON.
import { randomBytes } from "node:crypto";
import { codegrantProvider, connect } from "@codegrant/client";
import {
  createApplication,
  createHandlers,
  createKeyRing,
  createPlatform,
  createScopeCatalogue,
  createSettings,
  mounts,
  twitchScopes,
} from "@codegrant/server";
import { openClientStore } from "@codegrant/sqlite/client";
import { openStore } from "@codegrant/sqlite/server";

const issuer = "https://id.example.com";
const redirectUri = "https://app.example.com/callback";
const member = { id: "7", login: "ninja", displayName: "Ninja" };

const store = await openStore({ file: "platform.db", onWarning: () => {} });
const platform = createPlatform({
  store,
  keys: createKeyRing([{ id: 1, secret: randomBytes(32) }]),
  settings: createSettings({ name: "Example", issuer, scopes: createScopeCatalogue(twitchScopes) }),
  // The host's own user, signed in already.
  accounts: { authenticate: async () => member, findUser: async () => member },
});
const handlers = createHandlers(platform, mounts.twitch);
const { application, clientSecret } = await createApplication(platform, {
  name: "Sample",
  type: "confidential",
  redirectUris: [redirectUri],
});

const connections = await openClientStore({ file: "connections.db", keys: [randomBytes(32)] });
const connection = connect(codegrantProvider(issuer, "twitch"), {
  clientId: application.clientId,
  ...(clientSecret === undefined ? {} : { clientSecret }),
  scopes: ["user:read:email"],
  redirectUri,
  store: connections,
  fetch: async (input, init) => await handlers.fetch(new Request(input, init)),
});

const started = await connection.start(new Request("https://app.example.com/connect"));
const callback = await approve(started.headers.get("location") ?? "");
const result = await connection.finish(new Request(callback, { headers: { cookie: cookieOf(started) } }));
if (result.status !== "approved") throw new Error(`The flow ended with ${result.status}.`);
const before = await result.connection.accessToken();
await result.connection.refresh();
const after = await result.connection.accessToken();
const validated = await result.connection.fetch("/oauth2/validate");
const { login, scopes } = await validated.json();
const { revoked } = await result.connection.logout();
process.stdout.write(JSON.stringify({ login, scopes, isFresh: before.reveal() !== after.reveal(), revoked }));
await connections.close();
await store.close();

/** What a browser does when its user presses Approve. */
async function approve(/** @type {string} */ url) {
  const page = await handlers.fetch(new Request(url));
  const fields = new URLSearchParams({ decision: "approve" });
  for (const [tag] of (await page.text()).matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
    fields.append(/name="([^"]*)"/.exec(tag)?.[1] ?? "", /value="([^"]*)"/.exec(tag)?.[1] ?? "");
  }
  const headers = { cookie: cookieOf(page), origin: issuer, "content-type": "application/x-www-form-urlencoded" };
  const answer = await handlers.fetch(new Request(url, { method: "POST", headers, body: fields }));
  return answer.headers.get("location") ?? "";
}

function cookieOf(/** @type {Response} */ response) {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}
