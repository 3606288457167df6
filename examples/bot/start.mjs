// node start.mjs: logs in the accounts that are not connected yet, then answers until it is stopped.
import { connect, createFileStore } from "@codegrant/client/node";
import { startBot } from "./bot.mjs";

const connection = connect("twitch", {
  clientId: process.env["TWITCH_CLIENT_ID"] ?? "",
  clientSecret: process.env["TWITCH_CLIENT_SECRET"] ?? "",
  scopes: ["chat:read", "chat:edit", "moderator:read:followers"],
  store: createFileStore({ folder: new URL("tokens", import.meta.url).pathname }),
  loginAt: "node start.mjs",
  onEvent: ({ account, to, cause }) => console.log(`${account ?? "The application"}: ${to}. ${cause?.hint ?? ""}`),
});

for (const name of ["broadcaster", "bot"]) {
  console.log(`The account of the ${name}:`);
  const account = connection.account(name);
  const login = await account.login({ forceConsent: true });
  if (login.status !== "approved") throw new Error(`The ${name} is not connected: ${login.status}.`);
  account.keep();
}
await startBot(connection);
