import { expect, it } from "vitest";
import { printedSeed, soakScale } from "../seed.ts";
import { fuzzAsInsider, fuzzAsStranger } from "./check-requests.ts";

const rounds = Math.ceil(250 * soakScale());

it("arbitrary requests of a stranger", async ({ task }) => {
  const seed = printedSeed("fuzz");
  const statuses = await fuzzAsStranger(rounds, seed);
  const requests = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  Object.assign(task.meta, { soak: { seed, requests } });
  expect(requests).toBeGreaterThan(0);
});

it("arbitrary requests of someone with a session, a secret and tokens", async ({ task }) => {
  const seed = printedSeed("fuzz");
  const steps = await fuzzAsInsider(rounds, seed);
  Object.assign(task.meta, { soak: { seed, requests: rounds * 400 } });
  expect(steps).toContain("rotate");
});
