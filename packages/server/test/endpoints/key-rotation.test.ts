import { createChangeableKeyRing, createKeyRing, createServer, mounts } from "@codegrant/server";
import { describe, expect, it } from "vitest";
import { approve, authorizeUrl, codeOf, exchange, refresh, signedIn, validate } from "../flow.ts";
import { demoUser, login, password, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { visitor } from "../visitor.ts";

const master = (id: number) => ({ id, secret: new Uint8Array(32).fill(id) });

async function stage() {
  const base = testPlatform();
  const keys = createChangeableKeyRing(createKeyRing([master(1)]));
  const changed = { ...base, keys };
  const platform: TestPlatform = { ...changed, server: createServer(changed, mounts.twitch) };
  const app = await registered(platform);
  await demoUser(platform);
  const holdOnly = (...ids: readonly number[]) => keys.replace(createKeyRing(ids.map(master)));
  return { platform, app, holdOnly };
}

describe("while the keys are rotated", () => {
  it("a code, a refresh token and an access token made before go on to be good", async () => {
    const { platform, app, holdOnly } = await stage();
    const person = await signedIn(platform);
    const code = codeOf(await approve(person, authorizeUrl(app)));
    holdOnly(1, 2);
    const tokens = (await exchange(platform, app, code)).json();
    expect((await validate(platform, tokens["access_token"])).status).toBe(200);
    holdOnly(1, 2, 3);
    expect((await validate(platform, tokens["access_token"])).status).toBe(200);
    expect((await refresh(platform, app, String(tokens["refresh_token"]))).status).toBe(200);
  });

  it("a refresh whose answer was lost is answered with the same token again", async () => {
    const { platform, app, holdOnly } = await stage();
    const code = codeOf(await approve(await signedIn(platform), authorizeUrl(app)));
    const first = String((await exchange(platform, app, code)).json()["refresh_token"]);
    const second = (await refresh(platform, app, first)).json();
    holdOnly(1, 2);
    const again = (await refresh(platform, app, first)).json();
    expect(again["refresh_token"]).toBe(second["refresh_token"]);
  });

  it("ST-05: a form drawn before is taken, and a browser stays signed in", async () => {
    const { platform, app, holdOnly } = await stage();
    const person = visitor(platform.server);
    const page = await person.get("/settings/connections");
    holdOnly(1, 2);
    expect((await person.submit("/settings/connections", page, { login, password })).status).toBe(303);
    const consent = await person.get(authorizeUrl(app));
    holdOnly(1, 2, 3);
    expect(codeOf(await person.submit(authorizeUrl(app), consent, { decision: "approve" }))).toBeTruthy();
  });

  it("ST-05: what a key made that was given up is refused like any text that is none", async () => {
    const { platform, app, holdOnly } = await stage();
    const person = await signedIn(platform);
    const consent = await person.get(authorizeUrl(app));
    const code = codeOf(await person.submit(authorizeUrl(app), consent, { decision: "approve" }));
    const tokens = (await exchange(platform, app, code)).json();
    const url = authorizeUrl(app, { force_verify: "true" });
    const drawn = await person.get(url);
    holdOnly(2);
    expect((await validate(platform, tokens["access_token"])).status).toBe(401);
    expect((await refresh(platform, app, String(tokens["refresh_token"]))).status).toBe(400);
    const answer = await person.submit(url, drawn, { decision: "approve" });
    expect(answer.status).toBe(403); // with the form once more
    expect(codeOf(await person.submit(url, answer, { decision: "approve" }))).toBeTruthy();
  });
});
