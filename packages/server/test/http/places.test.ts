import { describe, expect, it } from "vitest";
import { createPlaces } from "../../src/http/places.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Places by a clock of the test's own, at which each request that is started costs so much. */
function timedPlaces(costMilliseconds: number) {
  const state = { now: 0, started: [] as number[], refused: 0 };
  const places = createPlaces({ elapsed: () => state.now });
  const enter = (): void => {
    const since = state.now;
    places.enter({
      start() {
        state.now += costMilliseconds;
        state.started.push(state.now - since);
        places.leave();
      },
      refuse: () => void (state.refused += 1),
    });
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 1_000; i++) await turn();
  };
  return { state, enter, settle, come: (count: number) => Array.from({ length: count }, enter) };
}

describe("requests that are ready in the same turn of the event loop", () => {
  it("are started at once as long as the turn's work is short, and in order in the next turns beyond that", async () => {
    const { state, come, settle } = timedPlaces(0.5);
    come(10);
    expect(state.started).toHaveLength(4); // two milliseconds
    await settle();
    expect(state.started).toHaveLength(10);
    expect(state.started.toSorted((one, other) => one - other)).toEqual(state.started);
    expect(state.refused).toBe(0);
  });

  it("leave each turn time for new connections", async () => {
    const { state, come } = timedPlaces(0.5);
    come(100);
    for (let turns = 1; turns <= 5; turns++) {
      const before = state.started.length;
      await turn();
      expect(state.started.length - before).toBeLessThanOrEqual(4);
    }
  });

  it("are answered within half a second or refused, and later ones at once while someone waits too long", async () => {
    const { state, come, enter, settle } = timedPlaces(2);
    come(900); // 1.8 seconds of work
    state.now += 101;
    const before = state.refused;
    enter();
    expect(state.refused).toBe(before + 1);
    await settle();
    expect(state.started.length + state.refused).toBe(901);
    expect(state.started.length).toBeGreaterThan(150);
    expect(Math.max(...state.started)).toBeLessThanOrEqual(602);
  });

  it("are all taken when they are few, though the machine stood still for a while", async () => {
    const { state, come, settle } = timedPlaces(0.5);
    come(40);
    state.now += 5_000;
    come(10);
    await settle();
    expect([state.started.length, state.refused]).toEqual([50, 0]);
  });

  it("are taken again as soon as it is over, and nobody has to do anything", async () => {
    const { state, come, settle } = timedPlaces(2);
    come(900);
    await settle();
    const before = state.refused;
    come(10);
    await settle();
    expect(state.refused).toBe(before);
  });
});
