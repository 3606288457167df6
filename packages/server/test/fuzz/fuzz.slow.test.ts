import { describe, expect, it } from "vitest";
import type { StepName } from "../endpoints/store-around.ts";
import { printedSeed } from "../seed.ts";
import { fuzzAsInsider, fuzzAsStranger } from "./check-requests.ts";

describe("arbitrary requests to every endpoint", () => {
  const seed = printedSeed("fuzz");
  const rounds = 10;

  it("of a stranger: never a 5xx, never an unregistered redirect, never a row", async () => {
    const statuses = await fuzzAsStranger(rounds, seed);
    for (const status of [200, 303, 400, 401, 403, 404, 405])
      expect(statuses.get(status), String(status)).toBeGreaterThan(0);
  });

  it("of someone with a session, a secret and tokens: never a 5xx, never an unregistered redirect", async () => {
    const steps = await fuzzAsInsider(rounds, seed);
    // Enough of them were right enough to do something; which ones is the seed's choice.
    const wanted: readonly StepName[] = [
      "approve",
      "redeemCode",
      "rotate",
      "endGrant",
      "endConsent",
      "createDeviceRequest",
    ];
    expect(wanted.filter((step) => steps.has(step)).length).toBeGreaterThanOrEqual(3);
  });
});
