import { createServer } from "node:http";

const answer = '{"active":false}';
const headers = { "content-type": "application/json", "cache-control": "no-store", "content-length": answer.length };

createServer((request, response) => {
  let body = "";
  request.setEncoding("latin1").on("data", (chunk) => (body += chunk));
  request.on("end", () => response.writeHead(body.length > 65_536 ? 413 : 200, headers).end(answer));
}).listen(Number(process.env["PORT"]), "127.0.0.1");
