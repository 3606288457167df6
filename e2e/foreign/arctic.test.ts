import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client, OAuth2RequestError } from "arctic";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

const redirectUri = "http://localhost:3000/login/twitch/callback";

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

interface Told {
  readonly answer?: unknown;
  readonly error?: string;
  readonly status?: number;
  readonly data?: unknown;
}

/** Arctic in a process of its own, where its fetch can be turned to our host. */
function startArctic({ clientId, clientSecret }: Registered): (line: string) => Promise<Told> {
  const script = fileURLToPath(new URL("arctic-child.mjs", import.meta.url));
  const twitch = stage.url; // stands where https://id.twitch.tv stood
  const child = spawn(process.execPath, [script, twitch, clientId, clientSecret, redirectUri], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout });
  return async (line) => {
    const answered = once(lines, "line");
    child.stdin.write(`${line}\n`);
    return JSON.parse(String((await answered)[0])) as Told;
  };
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

describe("arctic's Twitch", () => {
  it("gets and refreshes; its tokens are revoked by a form, since it has no call for that", async () => {
    const app = await register(stage, redirectUri);
    const arctic = startArctic(app);
    const { answer: start } = await arctic("start user:read:email chat:read");
    const url = String(start).replace("https://id.twitch.tv", stage.url);
    const back = await stage.approve(url);
    expect(back.searchParams.get("state")).toBe(new URL(url).searchParams.get("state"));

    const exchanged = await arctic(`exchange ${back.searchParams.get("code")}`);
    expect(exchanged.answer).toMatchObject({
      tokenType: "bearer",
      expiresInSeconds: 14_400,
      data: { scope: ["user:read:email", "chat:read"] },
    });
    const first = exchanged.answer as Tokens;
    const second = (await arctic(`refresh ${first.refreshToken}`)).answer as Tokens;
    expect(await stage.introspect(second.accessToken, "/oauth2")).toMatchObject({ active: true });

    const body = new URLSearchParams({ client_id: app.clientId, token: second.refreshToken });
    expect((await fetch(`${stage.url}/oauth2/revoke`, { method: "POST", body })).status).toBe(200);
    expect(await stage.introspect(second.accessToken, "/oauth2")).toEqual({ active: false });
    // Twitch's error names no code; Arctic hands its body over.
    expect(await arctic(`refresh ${second.refreshToken}`)).toMatchObject({
      error: "UnexpectedErrorResponseBodyError",
      data: { status: 400, message: "Invalid refresh token" },
    });
  });
});

it("arctic's Twitch without scopes leaves the key out, which Twitch requires: the answer says what to send", async () => {
  const { answer: start } = await startArctic(await register(stage, redirectUri))("start");
  const back = await stage.decline(String(start).replace("https://id.twitch.tv", stage.url));
  expect(back.searchParams.get("error_description")).toBe("Send the parameter scope too; it may be empty: scope=");
});

describe("arctic's OAuth2Client", () => {
  it.each(["confidential", "public"] as const)("gets, refreshes and revokes at /oauth (%s)", async (type) => {
    const { clientId, clientSecret } = await register(stage, redirectUri, { type });
    const client = new OAuth2Client(clientId, type === "public" ? null : clientSecret, redirectUri);
    const at = (endpoint: string): string => `${stage.url}/oauth/${endpoint}`;
    const verifier = generateCodeVerifier();
    const scopes = ["user:read:email", "chat:read"];
    const back = await stage.approve(
      client.createAuthorizationURLWithPKCE(
        at("authorize"),
        generateState(),
        CodeChallengeMethod.S256,
        verifier,
        scopes,
      ),
    );
    const code = back.searchParams.get("code") ?? "";
    const first = await client.validateAuthorizationCode(at("token"), code, verifier);
    expect(first.scopes()).toEqual(scopes);
    const second = await client.refreshAccessToken(at("token"), first.refreshToken(), ["chat:read"]);
    expect(second.scopes()).toEqual(["chat:read"]);
    await client.revokeToken(at("revoke"), second.refreshToken());
    expect(await stage.introspect(second.accessToken())).toEqual({ active: false });
    const dead = client.refreshAccessToken(at("token"), second.refreshToken(), []);
    await expect(dead).rejects.toThrow(OAuth2RequestError);
    await expect(dead).rejects.toMatchObject({ code: "invalid_grant" });
  });
});
