import { type ConnectOptions, connect, twitch } from "@codegrant/client";
import { startTestProvider } from "@codegrant/testing";
import { frameworks } from "./frameworks.ts";

/**
 * `node examples/web-application/dist/start.js express 3000`: connects visitors to Twitch, or, without
 * `TWITCH_CLIENT_ID` and `TWITCH_CLIENT_SECRET`, to a Twitch of its own that anybody can try.
 */
const [name = "http", port = "3000"] = process.argv.slice(2);
const create = frameworks[name];
if (create === undefined) {
  console.error(`Choose one of ${Object.keys(frameworks).join(", ")}.`);
  process.exit(2);
}

const redirectUri = `http://localhost:${port}/callback`;
const { TWITCH_CLIENT_ID: clientId, TWITCH_CLIENT_SECRET: clientSecret } = process.env;
const options: Pick<ConnectOptions, "scopes" | "redirectUri"> = { scopes: ["user:read:email"], redirectUri };
const connection = clientId === undefined ? await pretend() : connect(twitch, { clientId, clientSecret, ...options });

const server = await create(connection);
server.listen(Number(port), "localhost", () => {
  console.log(`The web application runs in ${name} at http://localhost:${port}/ and forgets all when it stops.`);
});

async function pretend() {
  const { provider, client, url } = await startTestProvider("twitch", {
    application: { redirectUris: [redirectUri] },
    pages: true,
  });
  console.log(`A Twitch of its own runs at ${url}: you are signed in there as Ada.`);
  return connect(provider, { ...client, ...options });
}
