import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type CodegrantDialect, codegrantProvider, connect } from "@codegrant/client";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { listen } from "./running.ts";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

const dialects: readonly CodegrantDialect[] = ["twitch", "kraken", "rfc6749"];

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

/** An application at a terminal; Twitch wants its port registered with it. */
async function registerAtTerminal(type: "confidential" | "public" = "confidential"): Promise<Registered> {
  const { url, close } = await listen(() => undefined);
  await close();
  return await register(stage, url.replace("127.0.0.1", "localhost"), { type });
}

/** Logs in, refreshes and logs out in a process that has the built package; `answer` is the person. */
async function run(
  dialect: CodegrantDialect,
  { application, clientId, clientSecret }: Registered,
  answer: (url: string) => Promise<unknown>,
  method: "browser" | "device" = "browser",
): Promise<Record<string, unknown>> {
  const script = fileURLToPath(new URL("our-client-child.mjs", import.meta.url));
  const [redirectUri = ""] = application.redirectUris;
  const { CODEGRANT_CLIENT_SECRET: _none, ...env } = process.env;
  const child = spawn(process.execPath, [script, stage.url, dialect, clientId, redirectUri, method], {
    env: { ...env, ...(clientSecret !== "" && { CODEGRANT_CLIENT_SECRET: clientSecret }) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Record<string, unknown>;
    if (said["login"] !== undefined) return said;
    await answer(String(said["open"]));
  }
  throw new Error("The client ended without a word");
}

/** What a browser does with the platform's last redirect. */
async function land(back: Promise<URL>): Promise<void> {
  const page = await fetch(await back);
  expect(page.status).toBe(200);
}

describe.each(dialects)("the client as it is built, at our server in the dialect %s", (dialect) => {
  it("logs in through the loopback, refreshes, and logs out of the whole grant", async () => {
    const app = await registerAtTerminal();
    const said = await run(dialect, app, (url) => land(stage.approve(url)));
    expect(said).toMatchObject({
      login: { status: "approved", who: { login: stage.person.login }, scopes: ["user_read"] },
      state: "active",
      logout: { revoked: "revoked", forgotten: true },
      after: "ERR_LOGIN_NEEDED",
    });
    expect(said["second"]).not.toBe(said["first"]);
    const prefix = codegrantProvider(stage.url, dialect).endpoints.token.includes("/oauth/") ? "/oauth" : "/oauth2";
    expect((await stage.introspect(String(said["second"]), prefix)).active).toBe(false);
  });

  it("brings back the person's no as a result", async () => {
    const said = await run(dialect, await registerAtTerminal(), (url) => land(stage.decline(url)));
    expect(said["login"]).toMatchObject({ status: "declined", error: "access_denied" });
  });

  it("logs in by device as a public application, without a terminal", async () => {
    const app = await registerAtTerminal("public");
    const said = await run(dialect, app, (url) => stage.approveDevice(url), "device");
    expect(said).toMatchObject({
      login: { status: "approved", scopes: ["user_read"] },
      state: "active",
      logout: { revoked: "revoked", forgotten: true },
    });
    expect(said["second"]).not.toBe(said["first"]);
  });

  it("connects a web application's user, whose callback may come twice", async () => {
    const redirectUri = "https://app.example/callback";
    const { clientId, clientSecret } = await register(stage, redirectUri);
    const connection = connect(codegrantProvider(stage.url, dialect), {
      clientId,
      clientSecret,
      redirectUri,
      scopes: ["user_read"],
    });
    const started = await connection.start(new Request("https://app.example/connect"));
    const cookie = started.headers.get("set-cookie")?.split(";")[0] ?? "";
    const back = await stage.approve(started.headers.get("location") ?? "");
    const visit = () => connection.finish(new Request(back, { headers: { cookie } }));
    const [first, second] = await Promise.all([visit(), visit()]);
    expect(first).toMatchObject({ status: "approved", who: { login: stage.person.login } });
    expect(second.status).toBe("approved");
    if (first.status !== "approved") return;
    await expect(first.connection.refresh()).resolves.toMatchObject({ state: "active" });
  });
});
