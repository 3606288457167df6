import { expect } from "vitest";
import { type GrantUnderTest, grantOnServer, playUses, schedulesOf, type Use, usesAlone } from "./holders.ts";
import { createWorld } from "./world.ts";

/** What SECURITY.md promises of a second copy that is used, for every schedule of owner and thief: no more, no less. */

export const gaps = [10, 40];
export const ownerTwice: readonly Use[] = [
  { by: "owner", afterSeconds: 40 },
  { by: "owner", afterSeconds: 40 },
];

export type Fate = "ended" | "alive" | "alive, and the copy is dead";

/** What became of the grant after the schedule and two more refreshes of its owner. */
export async function fateOf<Token>(grant: GrantUnderTest<Token>, uses: readonly Use[]): Promise<Fate> {
  const { holds } = await playUses(grant, [...uses, ...ownerTwice]);
  const owner = await grant.refresh(holds.owner);
  if (owner === undefined) return "ended";
  grant.wait(40);
  const copyWorks = (await grant.refresh(holds.thief)) !== undefined;
  return copyWorks || (await grant.refresh(owner)) !== undefined ? "alive" : "alive, and the copy is dead";
}

export function promisedFor(uses: readonly Use[]): readonly Fate[] {
  const alone = usesAlone(uses);
  if (alone.length === 0) return ["alive", "ended", "alive, and the copy is dead"];
  const cameOnceAndNeverAgain = alone.length === 1 && alone[0] === uses.findLastIndex(({ by }) => by === "thief");
  return cameOnceAndNeverAgain ? ["ended", "alive, and the copy is dead"] : ["ended"];
}

export const told = (uses: readonly Use[]): string =>
  uses.map(({ by, afterSeconds }) => `+${afterSeconds} ${by}`).join(", ");

/** Plays every schedule of so many uses on the server, and returns how many that were. */
export async function checkSecondCopies(length: number): Promise<number> {
  const world = await createWorld({ type: "confidential" });
  const schedules = schedulesOf(length, gaps);
  for (const uses of schedules) {
    const fate = await fateOf(await grantOnServer(world), uses);
    expect(promisedFor(uses), told(uses)).toContain(fate);
  }
  return schedules.length;
}
