import { beforeEach, describe, expect, it } from "vitest";
import { refresh, signedIn, validate } from "../flow.ts";
import { demoUser, type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { type Answer, requestOf, send, type Visitor } from "../visitor.ts";
import { storeAround } from "./store-around.ts";

let platform: TestPlatform;
let tv: Registered;
let person: Visitor;

beforeEach(async () => {
  platform = testPlatform();
  tv = await registered(platform, { name: "Television", type: "public" });
  await demoUser(platform);
  person = await signedIn(platform);
});

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

function start(
  path = "/oauth2/device",
  fields: Record<string, string> = { scopes: "user:read:email" },
  app = tv,
): Promise<Answer> {
  return send(platform.server, path, { method: "POST", body: { client_id: app.clientId, ...fields } });
}

function poll(started: Answer, path = "/oauth2/token", app = tv, more: Record<string, string> = {}): Promise<Answer> {
  const body = {
    grant_type: deviceGrant,
    client_id: app.clientId,
    device_code: String(started.json()["device_code"]),
    ...more,
  };
  return send(platform.server, path, { method: "POST", body });
}

/** The person opens the address that carries the code and answers. */
async function answer(started: Answer, decision: "approve" | "decline"): Promise<Answer> {
  const url = `/device?user_code=${String(started.json()["user_code"])}`;
  return person.submit(url, await person.get(url), { decision });
}

describe("the device flow in Twitch's spelling", () => {
  it("gives a public application tokens once its person approved, and says pending until then", async () => {
    const started = await start();
    expect(started.json()).toEqual({
      device_code: expect.stringMatching(/^cgd_/),
      expires_in: 1_800,
      interval: 5,
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/),
      verification_uri: `http://localhost:8080/device?user_code=${String(started.json()["user_code"])}`,
    });
    const pending = await poll(started);
    expect([pending.status, pending.json()]).toEqual([400, { status: 400, message: "authorization_pending" }]);
    expect((await answer(started, "approve")).status).toBe(200);
    platform.step(5);
    const tokens = await poll(started);
    expect(tokens.json()).toMatchObject({ token_type: "bearer", scope: ["user:read:email"] });
    expect((await validate(platform, tokens.json()["access_token"])).json()).toMatchObject({ login: "ada" });
    expect((await refresh(platform, tv, String(tokens.json()["refresh_token"]))).status).toBe(200);
  });

  it("answers with the tokens also if the request that is of no more use cannot be removed", async () => {
    platform = testPlatform({
      store: storeAround((name, run) =>
        name === "removeDeviceRequest" ? Promise.reject(new Error("the disk is full")) : run(),
      ),
    });
    tv = await registered(platform, { name: "Television", type: "public" });
    await demoUser(platform);
    person = await signedIn(platform);
    const started = await start();
    await answer(started, "approve");
    const tokens = await poll(started);
    expect((await validate(platform, tokens.json()["access_token"])).status).toBe(200);
    expect(platform.logged.map(({ event }) => event)).toContain("device.notRemoved");
    expect((await poll(started)).status).toBe(400);
  });

  it("redeems a device code once, however many polls come at once", async () => {
    const started = await start();
    await answer(started, "approve");
    const answers = await Promise.all(Array.from({ length: 10 }, () => poll(started)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    platform.step(60);
    expect((await poll(started)).json()).toEqual({ status: 400, message: "invalid device code" });
  });

  it("counts all addresses of one IPv6 network together, since one sender has them all", async () => {
    const asked = requestOf("/oauth2/device", { method: "POST", body: { client_id: tv.clientId, scopes: "" } });
    const from = async (remoteAddress: string): Promise<number> =>
      (await platform.server({ ...asked, remoteAddress })).status;
    const statuses: number[] = [];
    for (let i = 1; i <= 31; i++) statuses.push(await from(`2001:db8:1:2::${i.toString(16)}`));
    expect(statuses.indexOf(429)).toBe(30);
    expect(await from("2001:db8:1:3::1")).toBe(200);
  });

  it("does not tell a person that nothing was shared where another tab approved at that moment", async () => {
    let inAnotherTab = async (): Promise<void> => {};
    const store = storeAround(async (name, run) => {
      if (name === "declineDeviceRequest") await inAnotherTab();
      return run();
    });
    platform = testPlatform({ store });
    tv = await registered(platform, { name: "Television", type: "public" });
    await demoUser(platform);
    person = await signedIn(platform);
    const started = await start();
    inAnotherTab = async () => {
      expect((await answer(started, "approve")).status).toBe(200);
    };
    expect((await answer(started, "decline")).status).toBe(400);
    expect(platform.logged.map(({ event }) => event)).not.toContain("consent.declined");
    expect((await poll(started)).status).toBe(200);
  });

  it("tells the device that its person declined", async () => {
    const started = await start();
    await answer(started, "decline");
    expect((await poll(started, "/oauth2/token")).json()).toMatchObject({ message: "The user denied you access" });
  });

  it("needs a confidential application's secret at the token request, as at Twitch", async () => {
    const app = await registered(platform);
    const started = await start("/oauth2/device", { scopes: "" }, app);
    await answer(started, "approve");
    expect((await poll(started, "/oauth2/token", app)).json()).toEqual({
      status: 400,
      message: "missing client secret",
    });
    platform.step(5);
    expect((await poll(started, "/oauth2/token", app, { client_secret: app.clientSecret })).status).toBe(200);
  });
});

describe("the device flow of RFC 8628", () => {
  const startHere = (): Promise<Answer> => start("/oauth/device", { scope: "user:read:email" });

  it("names the address with and without the code", async () => {
    const { json } = await startHere();
    expect(json()).toMatchObject({
      verification_uri: "http://localhost:8080/device",
      verification_uri_complete: `http://localhost:8080/device?user_code=${String(json()["user_code"])}`,
    });
  });

  it("tells a device that polls too fast to slow down, and waits longer for it each time", async () => {
    const started = await startHere();
    expect((await poll(started, "/oauth/token")).json()["error"]).toBe("authorization_pending");
    platform.step(1);
    expect((await poll(started, "/oauth/token")).json()["error"]).toBe("slow_down");
    platform.step(6);
    expect((await poll(started, "/oauth/token")).json()["error"]).toBe("slow_down");
    platform.step(15);
    expect((await poll(started, "/oauth/token")).json()["error"]).toBe("authorization_pending");
  });

  it("says that a code expired, also to the person", async () => {
    const started = await startHere();
    platform.step(1_800);
    expect((await poll(started, "/oauth/token")).json()["error"]).toBe("expired_token");
    expect((await person.get(`/device?user_code=${String(started.json()["user_code"])}`)).status).toBe(400);
  });

  it.each([
    [
      "another application",
      async (started: Answer) => poll(started, "/oauth/token", await registered(platform, { type: "public" })),
    ],
    ["another family's path", async (started: Answer) => poll(started, "/oauth2/token")],
  ])("refuses the device code of %s without spending it", async (_, attempt) => {
    const started = await startHere();
    await answer(started, "approve");
    expect((await attempt(started)).status).toBe(400);
    platform.step(60);
    expect((await poll(started, "/oauth/token")).status).toBe(200);
  });

  it("writes no row for an application that is not there", async () => {
    expect((await start("/oauth/device", {}, { ...tv, clientId: "nobody" })).json()["error"]).toBe("invalid_client");
  });

  it("slows down whoever starts device after device, since each is a row for half an hour", async () => {
    const flood = await Promise.all(Array.from({ length: 100 }, startHere));
    const refused = flood.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(50);
    expect(Number(refused[0]?.header("retry-after"))).toBeGreaterThan(0);
    platform.step(600);
    expect((await startHere()).status).toBe(200);
  });
});

describe("the device page", () => {
  it("takes the code however it is typed", async () => {
    const code = String((await start()).json()["user_code"]);
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    const redirect = await person.submit("/device", await person.get("/device"), { user_code: typed });
    expect(redirect.header("location")).toBe(`/device?user_code=${code}`);
    expect((await person.get(`/device?user_code=${code}`)).body).toContain("Television");
  });

  it("counts wrong codes and then says to wait, though a right one comes", async () => {
    const code = String((await start()).json()["user_code"]);
    for (let i = 0; i < 25; i++) await person.get("/device?user_code=BBBBBBBB");
    const page = await person.get(`/device?user_code=${code}`);
    expect(page.status).toBe(429);
    platform.step(600);
    expect((await person.get(`/device?user_code=${code}`)).status).toBe(200);
  });

  it("answers a second press, and a decision for a code answered before, with a page and nothing else", async () => {
    const started = await start();
    const url = `/device?user_code=${String(started.json()["user_code"])}`;
    const page = await person.get(url);
    await person.submit(url, page, { decision: "approve" });
    expect((await person.submit(url, page, { decision: "approve" })).status).toBe(400);
    expect((await person.submit(url, page, { decision: "decline" })).status).toBe(400);
    expect((await poll(started)).status).toBe(200);
  });

  it("refuses a decision without its anti-forgery token, and any decision but the two", async () => {
    const started = await start();
    const url = `/device?user_code=${String(started.json()["user_code"])}`;
    const page = await person.get(url);
    expect((await person.post(url, { decision: "approve" })).status).toBe(400);
    expect((await person.submit(url, page, { decision: "yes" })).status).toBe(400);
    expect((await poll(started)).json()).toMatchObject({ message: "authorization_pending" });
  });
});
