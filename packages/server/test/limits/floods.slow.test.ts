import { beforeEach, describe, expect, it } from "vitest";
import { createLimiter } from "../../src/limits/limiter.ts";
import { createLimits, type Limits } from "../../src/limits/limits.ts";
import { expectJson, expectPage } from "../endpoints/expectations.ts";
import {
  addressOn,
  codeOn,
  exchangeOn,
  onTwitch,
  type Stage,
  stage,
  surfaces,
  tokensOf,
  tokensOn,
} from "../endpoints/stage.ts";
import { type StepName, storeAround } from "../endpoints/store-around.ts";
import { refresh } from "../flow.ts";
import { registered } from "../platform.ts";
import { type Answer, requestOf, send } from "../visitor.ts";

let on: Stage;
let steps: StepName[];
beforeEach(async () => {
  const store = storeAround((name, run) => {
    steps.push(name);
    return run();
  });
  steps = [];
  on = await stage({}, { store });
  steps = [];
});

/** A request for tokens from an address of its own. */
async function ask(
  path: string,
  fields: Readonly<Record<string, string>>,
  remoteAddress = "198.51.100.7",
): Promise<Pick<Answer, "status"> & { readonly retryAfter: string | undefined }> {
  const request = { ...requestOf(path, { method: "POST", body: fields }), remoteAddress };
  const { status, headers } = await on.platform.server(request);
  return { status, retryAfter: headers[headers.indexOf("Retry-After") + 1] };
}

describe.each(surfaces)("wrong secrets, $name", ({ prefix }) => {
  it("CA-14: a thousand for one application are slowed down; the application goes on, also from the same address", async () => {
    const fields = { grant_type: "client_credentials", client_id: on.app.clientId };
    const guess = (address?: string) => ask(`${prefix}/token`, { ...fields, client_secret: "wrong" }, address);
    let last = await guess();
    const atFirst = last.status;
    for (let i = 1; i < 1_000; i++) last = await guess();
    expect([atFirst, last.status]).toEqual([prefix === "/oauth" ? 401 : 403, 429]);
    expect(Number(last.retryAfter)).toBeGreaterThan(60);
    const right = { ...fields, client_secret: on.app.clientSecret };
    for (const address of ["198.51.100.7", "203.0.113.9"])
      expect((await ask(`${prefix}/token`, right, address)).status).toBe(200);
    expect((await guess("203.0.113.9")).status).toBe(atFirst);
    on.platform.step(4 * 3_600);
    expect((await guess()).status).toBe(atFirst);
  });
});

describe("strangers", () => {
  it("DO-02: who open the authorize address again and again store nothing, and a sign-in goes on", async () => {
    for (let i = 0; i < 2_000; i++) {
      const answer = await send(on.platform.server, addressOn(onTwitch, on.app, { state: `s${i}` }));
      if (i === 1_999) expectPage(answer, 200);
    }
    expect(steps.filter((name) => !/^(?:find|list)/.test(name))).toEqual([]);
    expect(await codeOn(onTwitch, on)).toMatch(/^cgc_/);
  });

  it.each(surfaces)(
    "DO-04: codes and tokens at random cost no look at the grants, and then 429, $name",
    async ({ prefix }) => {
      const { clientId, clientSecret } = on.app;
      const client = { client_id: clientId, client_secret: clientSecret };
      const guess = (kind: "code" | "refresh_token", text: string) =>
        ask(`${prefix}/token`, {
          ...client,
          ...(kind === "code"
            ? { grant_type: "authorization_code", code: text, redirect_uri: "https://client.example.com/cb" }
            : { grant_type: "refresh_token", refresh_token: text }),
        });
      const random = (): string => Buffer.from(on.platform.random(48)).toString("base64url");
      const statuses = new Map<number, number>();
      for (let i = 0; i < 1_200; i++) {
        const { status } = await (i % 2 === 0
          ? guess("code", `cgc_${random()}`)
          : guess("refresh_token", `cgr_${random()}`));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      expect(steps.every((name) => name === "findApplication")).toBe(true);
      expect([...statuses]).toEqual([
        [400, 1_000],
        [429, 200],
      ]);
    },
  );
});

describe("what is counted", () => {
  it("DO-06: stays of fixed size, whatever keys an attacker makes up", () => {
    const limiter = createLimiter({ free: 1, forgiveSeconds: 60, maximumWaitSeconds: 900, maximumKeys: 100 });
    const isCounted = (key: string): boolean => limiter.waitSeconds(key, 1_000) > 0;
    const keys = Array.from({ length: 1_000 }, (_, i) => `made up ${i}`);
    for (const key of keys) for (const _ of [1, 2]) limiter.refuse(key, 1_000);
    expect(keys.filter(isCounted)).toEqual(keys.slice(-100));
  });

  it.each(Object.keys(createLimits()) as (keyof Limits)[])("DO-06: no more than 10,000 keys by %s", (name) => {
    const limiter = createLimits({ [name]: 1 })[name];
    for (let i = 0; i < 3; i++) limiter.refuse("first", 1_000);
    expect(limiter.waitSeconds("first", 1_000)).toBeGreaterThan(0);
    for (let i = 0; i < 10_000; i++) limiter.refuse(`other ${i}`, 1_000);
    expect(limiter.waitSeconds("first", 1_000)).toBe(0);
  });

  it.each(surfaces)(
    "DO-11: against one application hurts no other, and it elsewhere neither, $name",
    async (surface) => {
      const other = await registered(on.platform, { name: "Quiet one" });
      const path = `${surface.prefix}/token`;
      const hammer = (address?: string) =>
        ask(
          path,
          {
            grant_type: "refresh_token",
            refresh_token: "cgr_made-up",
            client_id: on.app.clientId,
            client_secret: on.app.clientSecret,
          },
          address,
        );
      for (let i = 0; i < 1_100; i++) await hammer();
      expect((await hammer()).status).toBe(429);
      expect((await hammer("203.0.113.9")).status).toBe(400);
      const quiet = { grant_type: "refresh_token", refresh_token: "cgr_x", client_id: other.clientId };
      expect((await ask(path, { ...quiet, client_secret: other.clientSecret })).status).toBe(400);
      // Whoever is right is not slowed down at all.
      const { refresh: good } = await tokensOn(surface, on);
      const answer = await refresh(on.platform, on.app, good, {}, path);
      expectJson(answer);
      expect(answer.status).toBe(200);
      expect((await exchangeOn(surface, on, await codeOn(surface, on))).status).toBe(200);
    },
  );
});

it("DO-07: a thousand rotations of one grant are one row still", async () => {
  let { refresh: token } = tokensOf(await exchangeOn(onTwitch, on, await codeOn(onTwitch, on)));
  for (let i = 0; i < 1_000; i++) {
    on.platform.step(60);
    token = tokensOf(await refresh(on.platform, on.app, token)).refresh;
  }
  expect(await on.platform.store.listGrants({ now: on.platform.now(), limit: 200 })).toHaveLength(1);
});
