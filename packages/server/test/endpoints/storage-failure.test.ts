import { beforeEach, describe, expect, it } from "vitest";
import { refresh } from "../flow.ts";
import { login, password } from "../platform.ts";
import { type Answer, send, visitor } from "../visitor.ts";
import { expectJson, expectPage, expectRefusal } from "./expectations.ts";
import {
  addressOn,
  codeOn,
  exchangeOn,
  isGood,
  onTwitch,
  postPairs,
  type Stage,
  stage,
  surfaces,
  tokensOf,
  tokensOn,
} from "./stage.ts";
import { type StepName, storeAround } from "./store-around.ts";

/** Which step fails from now on, and whether it was applied before its answer was lost. */
let failing: { readonly step: StepName; readonly applied: boolean } | undefined;
let on: Stage;
let isBusy = false;

beforeEach(async () => {
  failing = undefined;
  isBusy = false;
  const store = storeAround(async (name, run) => {
    if (failing?.step !== name) return run();
    if (failing.applied) await run();
    throw new Error("SECRET-PATH: the disk is full");
  });
  on = await stage({}, { store });
});

async function whileFailing<Result>(step: StepName, task: () => Promise<Result>, applied = false): Promise<Result> {
  failing = { step, applied };
  try {
    return await task();
  } finally {
    failing = undefined;
  }
}

/** Says that something went wrong, not what, and logs it. */
function expectBroken(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain("SECRET");
  const logged = on.platform.logged.filter(({ level }) => level === "error").map(({ cause }) => String(cause));
  expect(logged).toContainEqual(expect.stringContaining("the disk is full"));
}

describe("while the store fails", () => {
  it.each<StepName>(["findApplication", "findSession", "findConsent", "approve"])(
    "AR-30: in %s an approval is an error page, no grant is half written, and the same form works afterwards",
    async (step) => {
      const address = addressOn(onTwitch, on.app);
      const page = await on.person.get(address);
      const answer = await whileFailing(step, () => on.person.submit(address, page, { decision: "approve" }));
      expectPage(answer, 500);
      expectBroken(answer, 500);
      expect((await on.person.submit(address, page, { decision: "approve" })).location?.searchParams.has("code")).toBe(
        true,
      );
    },
  );

  it.each<StepName>(["findUserByLogin", "createSession"])(
    "in %s nobody is signed in, and the page says no more",
    async (step) => {
      const stranger = visitor(on.platform.server);
      const address = addressOn(onTwitch, on.app);
      const page = await stranger.get(address);
      const answer = await whileFailing(step, () => stranger.submit(address, page, { login, password }));
      expectPage(answer, 500);
      expectBroken(answer, 500);
      expect(answer.header("set-cookie")).toBeUndefined();
    },
  );

  it.each(surfaces)("CD-14: an exchange is an error, and its code is still good, $name", async (surface) => {
    const code = await codeOn(surface, on);
    for (const step of ["findApplication", "findGrant", "redeemCode"] as const) {
      const answer = await whileFailing(step, () => exchangeOn(surface, on, code));
      expectJson(answer);
      expectBroken(answer, 500);
    }
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
  });

  it.each(surfaces)("RF-18: a refresh is an error, and its token is still good, $name", async (surface) => {
    const one = await tokensOn(surface, on);
    const ask = (): Promise<Answer> => refresh(on.platform, on.app, one.refresh, {}, `${surface.prefix}/token`);
    const answer = await whileFailing("rotate", ask);
    expectJson(answer);
    expectBroken(answer, 500);
    const two = tokensOf(await ask());
    expect((await refresh(on.platform, on.app, two.refresh, {}, `${surface.prefix}/token`)).status).toBe(200);
  });

  it.each(surfaces)(
    "RF-18: a refresh that was applied but never answered is answered when it comes again, $name",
    async (surface) => {
      const one = await tokensOn(surface, on);
      const ask = (): Promise<Answer> => refresh(on.platform, on.app, one.refresh, {}, `${surface.prefix}/token`);
      expectBroken(await whileFailing("rotate", ask, true), 500);
      on.platform.step(3);
      const two = tokensOf(await ask());
      expect((await refresh(on.platform, on.app, two.refresh, {}, `${surface.prefix}/token`)).status).toBe(200);
    },
  );

  it.each(surfaces)("RI-09: a revocation is 503, so that nobody believes it done, $name", async (surface) => {
    const { access, refresh: refreshToken } = await tokensOn(surface, on);
    const tries: [StepName, string][] = [
      ["findGrant", access],
      ["revokeAccessTokens", access],
      ["endGrant", refreshToken],
    ];
    for (const [step, token] of tries) {
      const fields = { client_id: on.app.clientId, client_secret: on.app.clientSecret, token };
      const answer = await whileFailing(step, () =>
        postPairs(on.platform, `${surface.prefix}/revoke`, Object.entries(fields)),
      );
      expectJson(answer);
      expectBroken(answer, 503);
      expect(answer.header("retry-after")).toMatch(/^\d+$/);
    }
    expect((await refresh(on.platform, on.app, refreshToken, {}, `${surface.prefix}/token`)).status).toBe(200);
  });

  it("a token is neither good nor dead: the answer is an error", async () => {
    const { access } = await tokensOn(onTwitch, on);
    for (const path of ["/oauth2/validate", "/kraken", "/kraken/user"]) {
      const headers = { authorization: `OAuth ${access}` };
      expectBroken(await whileFailing("findGrant", () => send(on.platform.server, path, { headers })), 500);
    }
    expect(await isGood(on.platform, access)).toBe(true);
  });

  it("DO-09: and says that it was only busy, the answer is 503 and when to come again, on pages and to programs", async () => {
    const busy = await stage(
      {},
      {
        store: storeAround(async (name, run) => {
          if (isBusy && name === "findApplication") throw Object.assign(new Error("locked"), { retryAfterSeconds: 2 });
          return run();
        }),
      },
    );
    isBusy = true;
    for (const surface of surfaces) {
      const answer = await refresh(busy.platform, busy.app, "cgr_x", {}, `${surface.prefix}/token`);
      expectRefusal(answer, surface, 503, "temporarily_unavailable", "The server is busy, try again in a moment");
      expect(answer.header("retry-after")).toBe("2");
    }
    const page = await busy.person.get(addressOn(onTwitch, busy.app));
    expectPage(page, 503);
    expect(page.header("retry-after")).toBe("2");
  });

  it("DO-09: the health check says so, and all is well again once the store is", async () => {
    expect((await whileFailing("listKeys", () => send(on.platform.server, "/healthz"))).status).toBe(503);
    expect((await send(on.platform.server, "/healthz")).status).toBe(200);
  });
});
