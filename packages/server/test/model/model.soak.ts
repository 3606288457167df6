import { describe, expect, it } from "vitest";
import { printedSeed, soakScale } from "../seed.ts";
import { livesThrough, sequencesOf } from "./careful-client.ts";
import { checkModel } from "./check-model.ts";
import { checkSecondCopies } from "./second-copies.ts";

describe("server and model agree", () => {
  it("on random sequences", async ({ task }) => {
    const seed = printedSeed("model");
    const wanted = 1_000_000 * soakScale();
    let steps = 0;
    for (let part = 0; steps < wanted; part++)
      steps += await checkModel({ sequences: 500, longest: 60, seed: seed + part });
    Object.assign(task.meta, { soak: { seed, steps } });
    expect(steps).toBeGreaterThanOrEqual(wanted);
  });

  it("on years of daily use", async ({ task }) => {
    const seed = printedSeed("model");
    const sequences = Math.ceil(100 * soakScale());
    const check = { sequences, shortest: 400, longest: 1_000, secondsBetween: 86_400, seed };
    const steps = await checkModel(check);
    Object.assign(task.meta, { soak: { seed, steps } });
    expect(steps).toBeGreaterThan(0);
  });
});

describe("the promises of refresh, on the server", () => {
  it("every schedule of an owner and a second copy", async ({ task }) => {
    const schedules = await checkSecondCopies(soakScale() < 1 ? 5 : 6);
    Object.assign(task.meta, { soak: { schedules } });
    expect(schedules).toBeGreaterThan(0);
  });

  it("every loss and restored backup of a careful client", async ({ task }) => {
    const sequences = sequencesOf(soakScale() < 1 ? 4 : 5);
    for (const sequence of sequences) {
      expect(await livesThrough("confidential", sequence, 17 * 86_400), sequence.join(", ")).toBe(true);
      expect(await livesThrough("public", sequence, 4 * 3_600), sequence.join(", ")).toBe(true);
    }
    Object.assign(task.meta, { soak: { sequences: sequences.length } });
  });
});
