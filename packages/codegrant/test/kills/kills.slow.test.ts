import { expect, it } from "vitest";
import { temporaryFolder } from "../command.ts";
import { killRounds } from "./kill-rounds.ts";

it("a server killed sixty times under load keeps all it answered, redeems no code twice and locks nobody out", async () => {
  const seed = Number(process.env["CODEGRANT_SEED"] ?? Date.now() % 2 ** 31);
  const report = await killRounds(temporaryFolder(), 60, seed);
  process.stdout.write(`kills: seed ${seed}, ${JSON.stringify(report)}\n`);
  expect(report.acknowledged).toBeGreaterThan(60);
  expect(report.underWay).toBeGreaterThan(60);
}, 60_000);
