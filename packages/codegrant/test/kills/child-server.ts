import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A real server in a process of its own, to be killed. */
export interface ChildServer {
  /** Opens the file; resolves when it serves. */
  start(): Promise<void>;
  send(path: string, sent?: SentRequest): Promise<Reply>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

export interface SentRequest {
  readonly cookie?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly bearer?: string;
}

export interface Reply {
  readonly status: number;
  readonly location: string | undefined;
  readonly cookies: readonly string[];
  readonly body: string;
}

const script = fileURLToPath(new URL("children/server.mjs", import.meta.url));

/** Loads the server's code at once, and waits with the rest for `start`. */
export function loadServer(file: string, port: number): ChildServer {
  const child = spawn(process.execPath, [script, file, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const agent = new Agent({ keepAlive: true });
  const gone = once(child, "close");
  return {
    async start() {
      child.stdin.write("go\n");
      await Promise.race([once(child.stdout, "data"), gone.then(() => Promise.reject(new Error("It did not start")))]);
    },
    send: (path, sent = {}) => send(agent, port, path, sent),
    async kill() {
      child.kill("SIGKILL");
      await gone;
      agent.destroy();
      expectKilled(child);
    },
  };
}

function expectKilled({ signalCode, exitCode }: ChildProcess): void {
  if (signalCode !== "SIGKILL") throw new Error(`The server ended by itself (${exitCode ?? signalCode})`);
}

/** Rejects when the server is killed before its answer is whole. */
async function send(agent: Agent, port: number, path: string, { cookie, fields, bearer }: SentRequest): Promise<Reply> {
  const body = fields === undefined ? undefined : new URLSearchParams(fields).toString();
  const request = httpRequest({
    agent,
    host: "127.0.0.1",
    port,
    path,
    method: body === undefined ? "GET" : "POST",
    headers: {
      host: `localhost:${port}`,
      ...(cookie !== undefined && { cookie }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
    },
  });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { location, "set-cookie": cookies = [] } = response.headers;
  return { status: response.statusCode ?? 0, location, cookies, body: Buffer.concat(chunks).toString() };
}
