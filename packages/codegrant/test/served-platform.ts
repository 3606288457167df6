import path from "node:path";
import { run, runJson, type Serving, serve, temporaryFolder } from "./command.ts";
import { type Answers, createUserAgent } from "./user-agent.ts";

/** A running server with a user and an application, and the commands beside it. */
export interface ServedPlatform {
  readonly db: string;
  readonly keyFile: string;
  readonly server: Serving;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

export const user: Answers = { login: "ninja", password: "correct horse battery", decision: "approve" };

export async function startPlatform(): Promise<ServedPlatform> {
  const db = path.join(temporaryFolder(), "platform.db");
  const server = await serve(["--db", db, "--log-level", "info"]);
  await run(["user", "create", "--db", db, "--login", user.login, "--password-stdin"], { input: user.password });
  const made: { client_id: string; client_secret: string } = await runJson(
    ["app", "create", "--db", db, "--name", "Old script"].concat(["--redirect-uri", "http://localhost/"]),
  );
  return { db, keyFile: `${db}.keys`, server, clientId: made.client_id, clientSecret: made.client_secret };
}

/** The user approves and the application exchanges its code. */
export async function connect(platform: ServedPlatform): Promise<Tokens> {
  const query = { response_type: "code", client_id: platform.clientId, redirect_uri: "http://localhost/", scope: "" };
  const address = `${platform.server.url}/oauth2/authorize?${new URLSearchParams(query).toString()}`;
  const { left } = await createUserAgent().walk(address, user);
  const code = left?.searchParams.get("code") ?? "";
  const answer = await ask(platform, { grant_type: "authorization_code", code, redirect_uri: "http://localhost/" });
  if (!answer.ok) throw new Error(`The exchange was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Tokens;
}

export function refresh(platform: ServedPlatform, { refresh_token }: Tokens): Promise<Response> {
  return ask(platform, { grant_type: "refresh_token", refresh_token });
}

export async function statusOfAccess({ server }: ServedPlatform, { access_token }: Tokens): Promise<number> {
  const headers = { authorization: `Bearer ${access_token}` };
  return (await fetch(`${server.url}/oauth2/validate`, { headers })).status;
}

/** The lines that a server has logged as this event; waits until there are as many. */
export async function logged({ server }: ServedPlatform, event: string, count = 1): Promise<readonly LogLine[]> {
  for (;;) {
    const lines = server
      .stderr()
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line) as LogLine)
      .filter((line) => line.event === event);
    if (lines.length >= count) return lines;
    await new Promise((resolve) => setTimeout(resolve, 50)); // the test's own limit ends this
  }
}

export interface LogLine {
  readonly level: string;
  readonly event: string;
  readonly detail?: string;
  readonly requestId?: string;
}

function ask({ server, clientId, clientSecret }: ServedPlatform, form: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form });
  return fetch(`${server.url}/oauth2/token`, { method: "POST", body });
}
