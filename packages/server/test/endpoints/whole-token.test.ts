import { beforeEach, describe, expect, it } from "vitest";
import { refresh } from "../flow.ts";
import { codeOn, exchangeOn, isGood, onTwitch, type Stage, stage, tokensOf } from "./stage.ts";
import { type StepName, storeAround } from "./store-around.ts";

let on: Stage;
let steps: StepName[] = [];
beforeEach(async () => {
  const store = storeAround((name, run) => {
    steps.push(name);
    return run();
  });
  on = await stage({}, { store });
});

/** Shorter, longer, and with each of its characters another. */
function changed(token: string): string[] {
  const others = [...token].map((character, at) => {
    const other = character === "A" ? "B" : "A";
    return token.slice(0, at) + other + token.slice(at + 1);
  });
  const cut = [4, 5, 20, token.length - 1].map((length) => token.slice(0, length));
  return [
    ...others,
    ...cut,
    `${token}A`,
    `${token}=`,
    ` ${token}`,
    token.toUpperCase(),
    token.replaceAll("-", "+"),
  ].filter((text) => text !== token);
}

describe("ST-12: a token is found by the whole of it: any other text of the same beginning", () => {
  it("is no access token, no refresh token and no code, costs no look at the grants and ends nothing", async () => {
    const code = await codeOn(onTwitch, on);
    const tokens = tokensOf(await exchangeOn(onTwitch, on, await codeOn(onTwitch, on)));
    steps = [];
    for (const text of changed(tokens.access)) expect([text, await isGood(on.platform, text)]).toEqual([text, false]);
    for (const text of changed(tokens.refresh)) expect((await refresh(on.platform, on.app, text)).status).toBe(400);
    for (const text of changed(code)) expect((await exchangeOn(onTwitch, on, text)).status).toBe(400);
    expect(new Set(steps)).toEqual(new Set(["findApplication"]));
    expect(await isGood(on.platform, tokens.access)).toBe(true);
    expect((await refresh(on.platform, on.app, tokens.refresh)).status).toBe(200);
    expect((await exchangeOn(onTwitch, on, code)).status).toBe(200);
  });
});
