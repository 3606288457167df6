import { expect, it } from "vitest";
import { checkModel } from "./check-model.ts";

it("server and model agree on every answer, whatever owners, thieves, operators, clocks and backups do", async () => {
  expect(await checkModel({ sequences: 120, longest: 60 })).toBeGreaterThan(1_000);
});

it("they still agree after more than a year, one thing a day", async () => {
  expect(await checkModel({ sequences: 3, shortest: 400, longest: 420, secondsBetween: 86_400 })).toBeGreaterThan(
    1_000,
  );
});
