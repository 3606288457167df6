import { describe, expect, it } from "vitest";
import { grantOnModel, grantOnServer, playUses, schedulesOf, type Use } from "./holders.ts";
import { checkSecondCopies, type Fate, fateOf, gaps, ownerTwice, promisedFor, told } from "./second-copies.ts";
import { accessSeconds, createWorld } from "./world.ts";

describe("a second copy that is used", () => {
  it("ends the grant at the owner's second refresh, with the two exceptions: every schedule of four, on the server", async () => {
    expect(await checkSecondCopies(4)).toBe(256);
  });

  it.each([
    ["confidential", 90 * 86_400],
    ["public", 86_400],
  ])("the same in every schedule of seven, in the model, %s", async (_, lateSeconds) => {
    const rules = { rotates: true, refusesReuse: false, lateSeconds, unusedSeconds: 90 * 86_400 };
    const seen = new Set<Fate>();
    for (const uses of schedulesOf(7, gaps)) {
      const fate = await fateOf(grantOnModel(rules), uses);
      if (!promisedFor(uses).includes(fate)) expect.fail(`${told(uses)}: ${fate}`);
      seen.add(fate);
    }
    expect([...seen].toSorted()).toEqual(["alive, and the copy is dead", "ended"]);
  });

  it("that came alone once, and never again, keeps only its access token, and that to its expiry", async () => {
    const world = await createWorld({ type: "confidential" });
    const grant = await grantOnServer(world);
    const copied = await world.refresh(grant.first.refreshToken);
    const { holds } = await playUses(grant, ownerTwice);
    const access = copied?.accessToken ?? "";
    expect(await world.isAlive(access)).toBe(true);
    world.platform.step(accessSeconds);
    expect(await world.isAlive(access)).toBe(false);
    const owners = await world.refresh(holds.owner.refreshToken);
    expect(owners).toBeDefined();
    expect(await world.refresh(copied?.refreshToken ?? ""), "using it is theft").toBeUndefined();
    expect(await world.isAlive(owners?.accessToken ?? "")).toBe(false);
  });
});

describe("a second copy is not found", () => {
  const pairs = 200;

  it.each<[string, readonly Use[]]>([
    [
      "that always comes 30 s after the owner",
      [
        { by: "owner", afterSeconds: 3_600 },
        { by: "thief", afterSeconds: 30 },
      ],
    ],
    [
      "that always comes 30 s before the owner",
      [
        { by: "thief", afterSeconds: 3_600 },
        { by: "owner", afterSeconds: 30 },
      ],
    ],
    ["whose owner never comes", [{ by: "thief", afterSeconds: 86_400 }]],
  ])("%s", async (_, uses) => {
    const grant = await grantOnServer(await createWorld({ type: "confidential" }));
    const { answers } = await playUses(grant, Array.from({ length: pairs }, () => uses).flat());
    expect(answers).not.toContain(false);
  });

  it.each<[string, readonly Use[]]>([
    [
      "31 s after the owner",
      [
        { by: "owner", afterSeconds: 3_600 },
        { by: "thief", afterSeconds: 31 },
      ],
    ],
    [
      "31 s before the owner",
      [
        { by: "thief", afterSeconds: 3_600 },
        { by: "owner", afterSeconds: 31 },
      ],
    ],
  ])("but one that comes %s is", async (_, uses) => {
    const grant = await grantOnServer(await createWorld({ type: "confidential" }));
    const { answers } = await playUses(grant, [...uses, ...uses]);
    expect(answers.slice(-2)).toContain(false);
  });

  it("where it and its owner both send the first token for ever, an hour apart, as some scripts do", async () => {
    const grant = await grantOnServer(await createWorld({ type: "confidential" }));
    for (let i = 0; i < pairs; i++) {
      grant.wait(3_600);
      expect(await grant.refresh(grant.first)).toBeDefined();
    }
  });
});
