import { grantOnServer } from "./holders.ts";
import { createWorld, type Pair, type WorldKind } from "./world.ts";

/** A client that saves before it uses, and sends one refresh at a time; what happens to its requests, and meanwhile. */
const events = ["received", "answer lost", "request lost", "backup", "restore"] as const;
export type Event = (typeof events)[number];

export function sequencesOf(length: number): readonly (readonly Event[])[] {
  return length === 0 ? [[]] : sequencesOf(length - 1).flatMap((before) => events.map((event) => [...before, event]));
}

/** Returns whether the client is answered every time and, whatever was lost, at the end. */
export async function livesThrough(
  type: WorldKind["type"],
  sequence: readonly Event[],
  gapSeconds: number,
): Promise<boolean> {
  const world = await createWorld({ type });
  const grant = await grantOnServer(world);
  let saved: Pair = grant.first;
  world.backup();
  const ask = async (): Promise<boolean> => {
    const answer = await world.refresh(saved.refreshToken);
    saved = answer ?? saved;
    return answer !== undefined;
  };
  for (const event of sequence) {
    grant.wait(gapSeconds);
    if (event === "received" && !(await ask())) return false;
    if (event === "answer lost" && (await world.refresh(saved.refreshToken)) === undefined) return false;
    if (event === "backup") world.backup();
    if (event === "restore") world.restore();
  }
  return ask();
}
