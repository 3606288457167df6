import { cleanOnce } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { refresh } from "../flow.ts";
import { type Answer } from "../visitor.ts";
import { codeOn, exchangeOn, onRfc6749, onTwitch, type Stage, stage, tokensOf } from "./stage.ts";
import { storeAround } from "./store-around.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});

const day = 86_400;

/** The cleaner comes by a minute later, and once more. */
async function thenClean<Result>(task: () => Promise<Result>): Promise<Result> {
  const result = await task();
  for (const _ of [1, 2]) {
    on.platform.step(60);
    await cleanOnce(on.platform);
  }
  return result;
}

describe.each([onTwitch, onRfc6749])("ST-07: the cleaner, at every moment of a grant's life, $name", (surface) => {
  const again = (token: string): Promise<Answer> => refresh(on.platform, on.app, token, {}, `${surface.prefix}/token`);

  it("leaves the mark of a spent code: its replay is noticed and ends the grant", async () => {
    const code = await codeOn(surface, on);
    const tokens = await thenClean(async () => tokensOf(await exchangeOn(surface, on, code)));
    on.platform.step(80 * day);
    await cleanOnce(on.platform);
    expect((await thenClean(() => exchangeOn(surface, on, code))).status).toBe(400);
    expect((await again(tokens.refresh)).status).toBe(400);
  });

  it("leaves the mark of a spent refresh token: its reuse is theft and ends the grant", async () => {
    const first = await thenClean(async () => tokensOf(await exchangeOn(surface, on, await codeOn(surface, on))));
    const second = await thenClean(async () => tokensOf(await again(first.refresh)));
    const third = await thenClean(async () => tokensOf(await again(second.refresh)));
    on.platform.step(89 * day);
    await cleanOnce(on.platform);
    expect((await thenClean(() => again(first.refresh))).status).toBe(400);
    expect((await again(third.refresh)).status).toBe(400);
  });

  it("takes a code that nobody exchanged, and ended grants after thirty days", async () => {
    const waiting = await codeOn(surface, on);
    const ended = await codeOn(surface, on);
    const { refresh: token } = tokensOf(await exchangeOn(surface, on, ended));
    await codeOn(surface, on); // the newest grant always stays
    await on.platform.store.endGrant(2, { at: on.platform.now(), why: "revoke" });
    await thenClean(async () => undefined);
    expect(await on.platform.store.findGrant(1)).toBeUndefined();
    expect((await on.platform.store.findGrant(2))?.grant.ended?.why).toBe("revoke");
    on.platform.step(30 * day);
    await cleanOnce(on.platform);
    expect(await on.platform.store.findGrant(2)).toBeUndefined();
    for (const code of [waiting, ended]) expect((await exchangeOn(surface, on, code)).status).toBe(400);
    expect((await again(token)).status).toBe(400);
  });
});

it("a walk that is told to stop takes no further step, and the next one begins anew", async () => {
  const stopping = new AbortController();
  const steps: string[] = [];
  const store = storeAround(async (name, run) => {
    if (!name.startsWith("clean")) return run();
    steps.push(name);
    stopping.abort();
    return steps.length === 1 ? { ended: [], removed: 0, nextAfterId: 500 } : run();
  });
  const { platform } = await stage({}, { store });
  await cleanOnce(platform, { signal: stopping.signal });
  expect(steps).toEqual(["cleanGrants"]);
  await cleanOnce(platform);
  expect(steps).toEqual(["cleanGrants", "cleanGrants", "cleanRest"]);
});
