import { expect, it } from "vitest";
import { playRounds } from "./rounds.ts";

it("eight processes and a thousand expiries: exactly a thousand refreshes, and no login is lost", async () => {
  expect(await playRounds(8, 1_000)).toMatchObject({ refreshes: 1_000, thefts: 0, logins: 1 });
}, 900_000);
