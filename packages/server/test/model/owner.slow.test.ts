import { cleanOnce } from "@codegrant/server";
import { describe, expect, it } from "vitest";
import { livesThrough, sequencesOf } from "./careful-client.ts";
import { grantOnServer } from "./holders.ts";
import { createWorld, type Pair, type WorldKind } from "./world.ts";

/** What SECURITY.md promises a client that saves before it uses, and sends one refresh at a time. */

const day = 86_400;

describe("a client that saves before it uses is never locked out", () => {
  it.each<[WorldKind["type"], number]>([
    ["confidential", 0],
    ["confidential", 31],
    ["confidential", 21 * day],
    ["public", 20],
    ["public", 5 * 3_600],
  ])("whatever three answers are lost and backups restored: %s, %d s between", async (type, gapSeconds) => {
    for (const sequence of sequencesOf(3))
      expect(await livesThrough(type, sequence, gapSeconds), sequence.join(", ")).toBe(true);
  });

  it.each<[WorldKind["type"], number]>([
    ["public", day],
    ["confidential", 90 * day - 1],
  ])("which waits as long as it may after a lost answer: %s, %d s", async (type, seconds) => {
    const grant = await grantOnServer(await createWorld({ type }));
    await grant.refresh(grant.first);
    grant.wait(seconds);
    expect(await grant.refresh(grant.first)).toBeDefined();
  });

  it.each<[WorldKind["type"], number]>([
    ["public", day + 1],
    ["confidential", 90 * day],
  ])("but is, which waits a second longer: %s, %d s", async (type, seconds) => {
    const grant = await grantOnServer(await createWorld({ type }));
    await grant.refresh(grant.first);
    grant.wait(seconds);
    expect(await grant.refresh(grant.first)).toBeUndefined();
  });

  it("but is, whose code was exchanged after the backup", async () => {
    const world = await createWorld({ type: "confidential" });
    const code = await world.approve(true);
    world.backup();
    const pair = await world.exchange(code, true);
    world.restore();
    expect(await world.refresh(pair?.refreshToken ?? "")).toBeUndefined();
  });
});

describe("a proxy that repeats an old request", () => {
  it.each([
    [30, true],
    [31, false],
    [60, false],
  ])("after %d s: the owner's next refresh is answered: %s", async (seconds, isAnswered) => {
    const grant = await grantOnServer(await createWorld({ type: "confidential" }));
    const saved = await grant.refresh(grant.first);
    grant.wait(seconds);
    expect(await grant.refresh(grant.first)).toBeDefined();
    grant.wait(3_600);
    expect((saved && (await grant.refresh(saved))) !== undefined).toBe(isAnswered);
  });
});

describe("an exchange whose answer was lost", () => {
  it.each([
    [true, 10, true],
    [true, 11, false],
    [false, 1, false],
  ])("is a replay: with PKCE %s, after %d s, the first answer stands: %s", async (usesPkce, seconds, stands) => {
    const world = await createWorld({ type: "confidential" });
    const code = await world.approve(usesPkce);
    const lost = await world.exchange(code, usesPkce);
    world.platform.step(seconds);
    expect(await world.exchange(code, usesPkce)).toBeUndefined();
    expect(await world.isAlive(lost?.accessToken ?? "")).toBe(stands);
  });

  it("costs the user one more approval and nothing else", async () => {
    const world = await createWorld({ type: "public" });
    const code = await world.approve(true);
    await world.exchange(code, true);
    world.platform.step(11);
    await world.exchange(code, true);
    const again = await world.exchange(await world.approve(true), true);
    expect(await world.isAlive(again?.accessToken ?? "")).toBe(true);
  });
});

describe("with rotation off", () => {
  it("the token of the refresh after a revoked access token works, still after 200 days of daily use", async () => {
    const world = await createWorld({ type: "confidential" });
    await world.switchRotation();
    const { first } = await grantOnServer(world);
    for (let days = 0; days < 200; days++) {
      world.platform.step(day);
      const before = await world.refresh(first.refreshToken);
      await world.revoke(before?.accessToken ?? "");
      const after = await world.refresh(first.refreshToken);
      expect(after?.refreshToken).toBe(first.refreshToken);
      expect(await world.isAlive(before?.accessToken ?? "")).toBe(false);
      expect(await world.isAlive(after?.accessToken ?? "")).toBe(true);
    }
  });
});

describe("a grant that nobody uses", () => {
  it("for 89 days, beside a cleaner that comes hourly, refreshes", async () => {
    const world = await createWorld({ type: "confidential" });
    const { first } = await grantOnServer(world);
    for (let hours = 0; hours < 89 * 24; hours++) {
      world.platform.step(3_600);
      await cleanOnce(world.platform);
    }
    const next = await world.refresh(first.refreshToken);
    expect(await world.isAlive(next?.accessToken ?? "")).toBe(true);
  });
});

describe("the first token, after three rotations within one tick of the clock", () => {
  it("is theft", async () => {
    const world = await createWorld({ type: "confidential" });
    const { first } = await grantOnServer(world);
    let newest: Pair | undefined = first;
    for (let i = 0; i < 3; i++) newest = newest && (await world.refresh(newest.refreshToken));
    expect(newest).toBeDefined();
    expect(await world.refresh(first.refreshToken)).toBeUndefined();
    expect(await world.isAlive(newest?.accessToken ?? "")).toBe(false);
  });
});
