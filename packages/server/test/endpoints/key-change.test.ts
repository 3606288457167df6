import {
  type ChangeableKeyRing,
  createChangeableKeyRing,
  createKeyRing,
  createServer,
  mounts,
} from "@codegrant/server";
import { describe, expect, it } from "vitest";
import { approve, authorizeUrl, codeOf, exchange, refresh, signedIn, validate } from "../flow.ts";
import { demoUser, login, password, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { visitor } from "../visitor.ts";

const ringOf = (...ids: readonly number[]) => createKeyRing(ids.map((id) => ({ id, secret: Buffer.alloc(32, id) })));

/** A platform whose keys change while it runs, as a server's do when its key file does. */
async function stage(): Promise<{ platform: TestPlatform; ring: ChangeableKeyRing }> {
  const ring = createChangeableKeyRing(ringOf(1));
  const platform = { ...testPlatform(), keys: ring };
  await demoUser(platform);
  return { platform: { ...platform, server: createServer(platform, mounts.twitch) }, ring };
}

describe("a key that changes while people are about (ST-05)", () => {
  it("takes nothing away as long as the old one is there: form, session, code and tokens go on", async () => {
    const { platform, ring } = await stage();
    const app = await registered(platform);
    const person = await signedIn(platform);
    const form = await person.get(authorizeUrl(app));
    ring.replace(ringOf(1, 2));
    const answer = await person.submit(authorizeUrl(app), form, { decision: "approve" });
    ring.replace(ringOf(1, 2, 3));
    const tokens = (await exchange(platform, app, codeOf(answer))).json();
    ring.replace(ringOf(1, 2, 3, 4));
    expect((await validate(platform, tokens["access_token"])).status).toBe(200);
    expect((await refresh(platform, app, String(tokens["refresh_token"]))).status).toBe(200);
  });

  it("answers a retry with the same bytes across a change", async () => {
    const { platform, ring } = await stage();
    const app = await registered(platform);
    const code = codeOf(await approve(await signedIn(platform), authorizeUrl(app)));
    const first = (await exchange(platform, app, code)).json();
    const second = (await refresh(platform, app, String(first["refresh_token"]))).json();
    ring.replace(ringOf(1, 2));
    const again = (await refresh(platform, app, String(first["refresh_token"]))).json();
    expect(again["refresh_token"]).toBe(second["refresh_token"]);
  });

  it("ends what it made once it is gone: a form is shown again, a code and tokens are refused, a session lives", async () => {
    const { platform, ring } = await stage();
    const app = await registered(platform);
    const person = await signedIn(platform);
    const code = codeOf(await approve(person, authorizeUrl(app)));
    const tokens = (await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))))).json();
    const address = authorizeUrl(app, { scope: "user:read:email chat:read" });
    const form = await person.get(address);
    ring.replace(ringOf(2));
    expect((await exchange(platform, app, code)).status).toBe(400);
    expect((await validate(platform, tokens["access_token"])).status).toBe(401);
    expect((await refresh(platform, app, String(tokens["refresh_token"]))).status).toBe(400);
    const shown = await person.submit(address, form, { decision: "approve" });
    expect(shown.location).toBeUndefined();
    expect((await person.submit(address, shown, { decision: "approve" })).location?.searchParams.has("code")).toBe(
      true,
    );
  });

  it("keeps a sign-in form good across a change", async () => {
    const { platform, ring } = await stage();
    const person = visitor(platform.server);
    const page = await person.get("/settings/connections");
    ring.replace(ringOf(1, 2));
    expect((await person.submit("/settings/connections", page, { login, password })).status).toBe(303);
  });
});
