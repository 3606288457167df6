import * as fc from "fast-check";
import { printedSeed } from "../seed.ts";
import { actions, doAction, startPlay } from "./play.ts";
import type { WorldKind } from "./world.ts";

export interface ModelCheck {
  readonly sequences: number;
  readonly shortest?: number;
  readonly longest: number;
  /** Virtual seconds between two actions; drawn when absent. */
  readonly secondsBetween?: number;
  readonly seed?: number;
}

const kinds: readonly WorldKind[] = [
  { type: "confidential" },
  { type: "public" },
  { type: "confidential", refusesReuse: true },
  { type: "confidential", keepsRefreshTokens: true },
];

const anyAction = fc.record({
  name: fc.oneof(...Object.entries(actions).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) }))),
  pick: fc.nat(1_000),
});

/** Plays random sequences in both worlds and returns how many steps it took; throws the shortest that differs. */
export async function checkModel(check: ModelCheck): Promise<number> {
  const { sequences, shortest = 1, longest, secondsBetween, seed = printedSeed("model") } = check;
  const pauses = secondsBetween === undefined ? fc.constantFrom(0, 0, 0, 7, 3_600) : fc.constant(secondsBetween);
  const sequence = fc.array(anyAction, { minLength: shortest, maxLength: longest, size: "max" });
  let steps = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...kinds), pauses, sequence, async (kind, pause, actionsInOrder) => {
      const play = await startPlay(kind);
      for (const { name, pick } of actionsInOrder) {
        await doAction(play, name, pick);
        play.world.platform.step(pause);
        steps += 1;
      }
    }),
    { numRuns: sequences, seed },
  );
  return steps;
}
