import { expect, it } from "vitest";
import { playRounds } from "./rounds.ts";

const processes = 8;

it("eight processes and expiry after expiry: exactly one refresh for each, and no login is lost", async ({ task }) => {
  const expiries = Math.ceil(1_000 * Number(process.env["CODEGRANT_SOAK"] ?? 1));
  const { refreshes, thefts, logins } = await playRounds(processes, expiries);
  Object.assign(task.meta, { soak: { processes, expiries, refreshes, thefts, logins } });
  expect({ refreshes, thefts, logins }).toEqual({ refreshes: expiries, thefts: 0, logins: 1 });
}, 900_000);
