import { beforeEach, describe, expect, it } from "vitest";
import { refresh } from "../flow.ts";
import { expectRefusal } from "./expectations.ts";
import {
  codeOn,
  exchangeOn,
  onRfc6749,
  onTwitch,
  postPairs,
  type Stage,
  type Surface,
  stage,
  tokensOf,
} from "./stage.ts";
import { type StepName, storeAround } from "./store-around.ts";

/** The step of the store that takes long, and how long: as a queue before it would. */
let slow: { readonly step: StepName; readonly seconds: number } | undefined;
let on: Stage;
let written: StepName[];

beforeEach(async () => {
  slow = undefined;
  written = [];
  const store = storeAround(async (name, run) => {
    if (slow?.step === name) on.platform.step(slow.seconds);
    if (!/^(?:find|list)/.test(name)) written.push(name);
    return run();
  });
  on = await stage({}, { store });
});

async function whileSlow<Result>(step: StepName, seconds: number, task: () => Promise<Result>): Promise<Result> {
  slow = { step, seconds };
  written = [];
  try {
    return await task();
  } finally {
    slow = undefined;
  }
}

const again = (surface: Surface, token: string) => refresh(on.platform, on.app, token, {}, `${surface.prefix}/token`);

describe.each([onTwitch, onRfc6749])("a token request that is undecided after 20 s, $name", (surface) => {
  it.each<StepName>(["findApplication", "findGrant"])(
    "is refused with 503 while in %s, and changes nothing: the same one is answered when it comes again",
    async (step) => {
      const code = await codeOn(surface, on);
      const exchange = () => exchangeOn(surface, on, code);
      const late = await whileSlow(step, 21, exchange);
      expectRefusal(late, surface, 503, "temporarily_unavailable", "The server is busy, try again in a moment");
      expect(late.header("retry-after")).toBe("1");
      expect(written).toEqual([]);
      const first = tokensOf(await whileSlow(step, 20, exchange));

      expect((await whileSlow(step, 21, () => again(surface, first.refresh))).status).toBe(503);
      expect(written).toEqual([]);
      expect((await whileSlow(step, 20, () => again(surface, first.refresh))).status).toBe(200);
    },
  );

  it("ends nothing for theft", async () => {
    const first = tokensOf(await exchangeOn(surface, on, await codeOn(surface, on)));
    const second = tokensOf(await again(surface, first.refresh));
    const third = tokensOf(await again(surface, second.refresh));
    expect((await whileSlow("findGrant", 21, () => again(surface, first.refresh))).status).toBe(503);
    expect((await again(surface, third.refresh)).status).toBe(200);
  });

  it("asks for no application token", async () => {
    const ask = () =>
      postPairs(on.platform, `${surface.prefix}/token`, [
        ["grant_type", "client_credentials"],
        ["client_id", on.app.clientId],
        ["client_secret", on.app.clientSecret],
      ]);
    expect((await whileSlow("findApplication", 21, ask)).status).toBe(503);
    expect((await ask()).status).toBe(200);
  });
});

describe.each([onTwitch, onRfc6749])("a step that has begun decides, however long it takes, $name", (surface) => {
  it("at exchange and at refresh", async () => {
    const code = await codeOn(surface, on);
    const first = tokensOf(await whileSlow("redeemCode", 600, () => exchangeOn(surface, on, code)));
    expect((await whileSlow("rotate", 600, () => again(surface, first.refresh))).status).toBe(200);
  });
});
