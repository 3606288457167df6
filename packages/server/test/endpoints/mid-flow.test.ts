import { beforeEach, describe, expect, it } from "vitest";
import { deleteApplication, disableApplication, enableApplication, rotateSecret } from "../../src/actions/index.ts";
import { approve, authorizeUrl, codeOf, exchange, refresh, validate } from "../flow.ts";
import { login } from "../platform.ts";
import { visitor } from "../visitor.ts";
import { onTwitch, type Stage, stage, type Tokens, tokensOn } from "./stage.ts";

const day = 86_400;
let on: Stage;

beforeEach(async () => {
  on = await stage();
});

const statusOfAccess = async ({ access }: Tokens): Promise<number> => (await validate(on.platform, access)).status;

const newCode = async (): Promise<string> => codeOf(await approve(on.person, authorizeUrl(on.app)));

/** A new approval leads to a code, and that to tokens: nothing is left broken. */
async function worksAgain(): Promise<void> {
  expect(await statusOfAccess(await tokensOn(onTwitch, on))).toBe(200);
}

describe("a clock that jumps", () => {
  it("back after a code was issued refuses that code, whose age nobody knows now, and takes the next", async () => {
    const code = await newCode();
    on.platform.step(-day);
    expect((await exchange(on.platform, on.app, code)).status).toBe(400);
    await worksAgain();
  });

  it("back by a second, as clocks are set all the time, changes nothing", async () => {
    const code = await newCode();
    on.platform.step(-1);
    expect((await exchange(on.platform, on.app, code)).status).toBe(200);
    expect((await exchange(on.platform, on.app, code)).status).toBe(400);
  });

  it("back and forth brings nothing back that was ended, and ends nothing that lives", async () => {
    const [kept, ended] = [await tokensOn(onTwitch, on), await tokensOn(onTwitch, on)];
    const { grant } = (await on.platform.store.findGrant(2)) ?? {};
    expect(grant?.exchangedAt).toBeDefined();
    await on.platform.store.endGrant(2, { at: on.platform.now(), why: "revoke" });
    for (const seconds of [-365 * day, 365 * day, -1, 3_600, -3_599]) {
      on.platform.step(seconds);
      expect(await statusOfAccess(ended)).toBe(401);
      expect((await refresh(on.platform, on.app, ended.refresh)).status).toBe(400);
      expect(await statusOfAccess(kept)).toBe(200);
    }
  });

  it("back between a refresh and its retry is no theft: the retry has the same answer", async () => {
    const first = await tokensOn(onTwitch, on);
    const second = (await refresh(on.platform, on.app, first.refresh)).json();
    on.platform.step(-day);
    expect((await refresh(on.platform, on.app, first.refresh)).json()["refresh_token"]).toBe(second["refresh_token"]);
    expect((await refresh(on.platform, on.app, String(second["refresh_token"]))).status).toBe(200);
  });

  it("a year ahead and back leaves nobody waiting who typed wrong passwords meanwhile", async () => {
    on.platform.step(365 * day);
    const person = visitor(on.platform.server);
    const typeWrong = async () => {
      const page = await person.get("/settings/connections");
      return person.submit("/settings/connections", page, { login, password: "wrong horse battery" });
    };
    for (let i = 0; i < 12; i++) await typeWrong();
    expect((await typeWrong()).status).toBe(429);
    on.platform.step(-365 * day);
    expect((await typeWrong()).status).toBe(429); // forgives nothing
    on.platform.step(3_600);
    expect((await typeWrong()).status).toBe(403); // and punishes nobody
  });
});

describe("a secret rotated in the middle of a flow", () => {
  it("with an overlap is good beside the new one, until the overlap is over", async () => {
    const codes = [await newCode(), await newCode()] as const;
    const { clientSecret } = await rotateSecret(on.platform, on.app.application.id, { overlapSeconds: 3_600 });
    expect((await exchange(on.platform, on.app, codes[0])).status).toBe(200);
    expect((await exchange(on.platform, { ...on.app, clientSecret }, codes[1])).status).toBe(200);
    on.platform.step(3_600);
    expect((await exchange(on.platform, on.app, await newCode())).json()["message"]).toMatch(/secret/);
  });

  it("at once is refused, and costs neither the code nor the grant: the new one takes both", async () => {
    const tokens = await tokensOn(onTwitch, on);
    const code = await newCode();
    const { clientSecret } = await rotateSecret(on.platform, on.app.application.id, { overlapSeconds: 0 });
    for (let i = 0; i < 6; i++) expect((await exchange(on.platform, on.app, code)).status).toBe(403);
    expect((await refresh(on.platform, on.app, tokens.refresh)).status).toBe(403);
    const app = { ...on.app, clientSecret };
    expect((await exchange(on.platform, app, code)).status).toBe(200);
    expect((await refresh(on.platform, app, tokens.refresh)).status).toBe(200);
  });
});

describe("an application disabled in the middle of a flow", () => {
  it("gets no approval, no tokens and no answers while it lasts, and goes on afterwards", async () => {
    const tokens = await tokensOn(onTwitch, on);
    const address = authorizeUrl(on.app, { scope: "user:read:email chat:read" });
    const form = await on.person.get(address);
    const code = await newCode();
    await disableApplication(on.platform, on.app.application.id);
    const refused = await on.person.submit(address, form, { decision: "approve" });
    expect(refused.location?.searchParams.has("code") ?? false).toBe(false);
    expect((await exchange(on.platform, on.app, code)).status).toBeGreaterThanOrEqual(400);
    expect((await refresh(on.platform, on.app, tokens.refresh)).status).toBeGreaterThanOrEqual(400);
    expect(await statusOfAccess(tokens)).toBe(401);

    await enableApplication(on.platform, on.app.application.id);
    expect(await statusOfAccess(tokens)).toBe(200);
    expect((await exchange(on.platform, on.app, code)).status).toBe(200);
    expect((await refresh(on.platform, on.app, tokens.refresh)).status).toBe(200);
    expect((await approve(on.person, address)).location?.searchParams.has("code")).toBe(true);
  });
});

describe("an application deleted in the middle of a flow", () => {
  it("leaves a page for the person, a refusal for the program, and nothing alive", async () => {
    const tokens = await tokensOn(onTwitch, on);
    const address = authorizeUrl(on.app, { scope: "user:read:email chat:read" });
    const form = await on.person.get(address);
    const code = await newCode();
    await deleteApplication(on.platform, on.app.application.id);
    const page = await on.person.submit(address, form, { decision: "approve" });
    expect([page.status, page.location]).toEqual([400, undefined]);
    expect((await exchange(on.platform, on.app, code)).status).toBe(400);
    expect((await refresh(on.platform, on.app, tokens.refresh)).status).toBe(400);
    expect(await statusOfAccess(tokens)).toBe(401);
    expect((await on.person.get("/settings/connections")).body).not.toContain(on.app.clientId);
    expect(await on.platform.store.listGrants({ limit: 200, now: on.platform.now() })).toEqual([]);
  });
});
