import { expect, it } from "vitest";
import { temporaryFolder } from "../command.ts";
import { killRounds } from "./kill-rounds.ts";

it("a server killed under load again and again keeps all it answered", async ({ task }) => {
  const seed = Number(process.env["CODEGRANT_SEED"] ?? Date.now() % 2 ** 31);
  const kills = Math.ceil(600 * Number(process.env["CODEGRANT_SOAK"] ?? 1));
  const report = await killRounds(temporaryFolder(), kills, seed);
  Object.assign(task.meta, { soak: { seed, ...report } });
  expect(report.acknowledged).toBeGreaterThan(kills);
});
