// The server of `codegrant serve`, loaded ahead of its turn: it opens the file when a line on stdin says so.
import { once } from "node:events";
import { startServer } from "codegrant";

const [db = "", port = "0"] = process.argv.slice(2);
await once(process.stdin, "data");
const server = await startServer({
  db,
  port: Number(port),
  issuer: `http://localhost:${port}`,
  dialect: "twitch",
  log: () => {},
  warn: () => {},
});
process.stdout.write(`${server.url}\n`);
