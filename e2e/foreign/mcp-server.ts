import type { IncomingMessage, ServerResponse } from "node:http";
import { type Listening, listen } from "./running.ts";
import type { Stage } from "./stage.ts";

const scopes = ["user:read:email", "chat:read"];

/** Just enough of an MCP server to be connected to with a token for it (RFC 9728), which it asks our server about. */
export async function startMcpServer(stage: Stage): Promise<Listening> {
  const listening = await listen((request, response) => {
    handle(request, response).catch((error: unknown) => answerJson(response, 500, String(error)));
  });
  const resource = `${listening.url}/mcp`;
  const metadataUrl = `${listening.url}/.well-known/oauth-protected-resource/mcp`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = `${listening.url}${request.url}`;
    if (url === metadataUrl)
      return answerJson(response, 200, { resource, authorization_servers: [stage.url], scopes_supported: scopes });
    if (url !== resource) return answerJson(response, 404, "not here");
    if (request.method !== "POST") return answerJson(response, 405, "POST only");
    if (!(await isForUs(request))) {
      response.setHeader("WWW-Authenticate", `Bearer resource_metadata="${metadataUrl}"`);
      return answerJson(response, 401, "no token");
    }
    const { id, method, params } = JSON.parse(await bodyOf(request)) as Call;
    if (id === undefined) return void response.writeHead(202).end();
    const result =
      method === "initialize" ? { protocolVersion: params?.protocolVersion, capabilities, serverInfo } : {};
    return answerJson(response, 200, { jsonrpc: "2.0", id, result });
  }

  async function isForUs(request: IncomingMessage): Promise<boolean> {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return false;
    const { active, aud } = await stage.introspect(token);
    return active && Array.isArray(aud) && aud.includes(resource);
  }
  return { ...listening, url: resource };
}

interface Call {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly protocolVersion?: string };
}

const capabilities = {};
const serverInfo = { name: "shelf", version: "1.0.0" };

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
