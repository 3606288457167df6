import { expect, it } from "vitest";
import { accountKeyOf } from "../../src/limits/account-key.ts";

it.each([" ada", "ada\t", "\u00a0ada\u3000", "ADA", " Ada "])(
  "%j is counted as the account that it signs in to",
  (typed) => {
    expect(accountKeyOf(typed)).toBe(accountKeyOf("ada"));
  },
);

it("counts another login apart, and keeps no more of a long one than of a short one", () => {
  expect(accountKeyOf("adam")).not.toBe(accountKeyOf("ada"));
  expect(accountKeyOf("x".repeat(60_000))).toHaveLength(accountKeyOf("ada").length);
});
