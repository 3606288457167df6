import { expect, it } from "vitest";
import { checkModel } from "./check-model.ts";

it("server and model agree on every answer, whatever owners, thieves, operators, clocks and backups do", async () => {
  expect(await checkModel({ sequences: 200, longest: 60 })).toBeGreaterThan(2_000);
}, 60_000);

it("they still agree after more than a year, one thing a day", async () => {
  expect(await checkModel({ sequences: 2, shortest: 370, longest: 400, secondsBetween: 86_400 })).toBeGreaterThan(740);
}, 60_000);
