// Our client as it is built and installed, in a process of its own. Prints a line of JSON for each address that a
// person has to open, and one with what came of everything.
import { codegrantProvider, connect, createMemoryStore, isConnectionError } from "@codegrant/client";
import { connect as connectAtTerminal, createMachine } from "@codegrant/client/node";

const [platform = "", dialect = "rfc6749", clientId = "", redirectUri = "", method = "browser"] = process.argv.slice(2);
const clientSecret = process.env["CODEGRANT_CLIENT_SECRET"];
const provider = codegrantProvider(platform, /** @type {import("@codegrant/client").CodegrantDialect} */ (dialect));
const print = (/** @type {object} */ line) => console.log(JSON.stringify(line));

const options = { clientId, clientSecret, redirectUri, scopes: ["user_read"], store: createMemoryStore() };
const connection =
  method === "device"
    ? connect(provider, options)
    : connectAtTerminal(provider, {
        ...options,
        machine: {
          ...createMachine(),
          openBrowser: async (url) => {
            print({ open: url });
            return true;
          },
        },
      });

const login = await connection.login({
  timeoutSeconds: 20,
  onPrompt: (prompt) => {
    if (prompt.kind === "device") print({ open: prompt.url });
  },
});
const answers = login.status === "approved" ? await useUp() : {};
print({ login: login.status === "declined" ? { ...login, error: login.error.code } : login, ...answers });

async function useUp() {
  const first = await connection.accessToken();
  const { state } = await connection.refresh();
  const second = await connection.accessToken();
  const logout = await connection.logout();
  const after = await connection
    .accessToken()
    .catch((error) => (isConnectionError(error) ? error.code : String(error)));
  return { first: first.reveal(), second: second.reveal(), state, logout, after };
}
