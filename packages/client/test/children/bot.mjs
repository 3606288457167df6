// One process of a fleet that shares a folder of tokens. It is told what to do line by line, and answers each with JSON.
import { createInterface } from "node:readline";
import { isConnectionError } from "@codegrant/client";
import { connect, createFileStore, createMachine } from "@codegrant/client/node";

const { folder, provider } = JSON.parse(process.argv[2] ?? "{}");
const connection = connect(provider, {
  clientId: "client",
  clientSecret: "secret",
  scopes: ["read"],
  store: createFileStore({ folder }),
  minimumIntervalSeconds: 0,
  machine: { ...createMachine(), openBrowser },
});

/** @param {string} url */
async function openBrowser(url) {
  process.stdout.write(`${JSON.stringify({ opened: url })}\n`);
  void fetch(url).catch(() => undefined);
  return true;
}

/** @type {Record<string, (argument: string) => Promise<unknown>>} */
const commands = {
  token: async (refused) => {
    const token = await connection.accessToken(refused === "" ? {} : { refused });
    return token.reveal();
  },
  login: async () => (await connection.login({ onPrompt: () => undefined })).status,
  state: async () => (await connection.status()).state,
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command = "", argument = ""] = line.split(" ");
  const answer = await commands[command]?.(argument).then(
    (value) => ({ value }),
    (error) => ({ error: isConnectionError(error) ? error.code : String(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
