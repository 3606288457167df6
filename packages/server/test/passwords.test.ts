import { describe, expect, it } from "vitest";
import { createPasswords, findPasswordProblem, maximumPasswordBytes } from "../src/passwords.ts";

const passwords = createPasswords();

describe("a password's hash", () => {
  it("is argon2id with 19 MiB, two passes and one lane", async () => {
    expect(await passwords.hash("correct horse")).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it("is another one each time", async () => {
    expect(await passwords.hash("correct horse")).not.toBe(await passwords.hash("correct horse"));
  });

  it("fits its password and no other", async () => {
    const hash = await passwords.hash("correct horse");
    expect(await passwords.verify("correct horse", hash)).toBe(true);
    expect(await passwords.verify("correct horsf", hash)).toBe(false);
  });

  it("fits nothing where there is none", async () => {
    expect(await passwords.verify("correct horse", undefined)).toBe(false);
  });
});

describe("LC-34: which password it is", () => {
  const long = "a".repeat(72);

  it.each([
    ["two that are equal in the first 72 bytes differ", `${long}one`, `${long}two`, false],
    ["a NUL ends nothing", "before\0after one", "before\0after two", false],
    ["a NUL is no end of the shorter one", "before12", "before12\0", false],
    ["the same word composed and decomposed is one", "caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301", true],
    ["capitals count", "Correct horse", "correct horse", false],
    ["spaces at the ends count", "correct horse", "correct horse ", false],
  ])("%s", async (_, password, typed, matches) => {
    expect(await passwords.verify(typed, await passwords.hash(password))).toBe(matches);
  });
});

describe("LC-34: what can be a new password", () => {
  it.each([
    ["seven characters", "seven77", "tooShort"],
    ["eight characters", "eight888", undefined],
    ["eight that are seven once composed", "sevene\u0301x", "tooShort"],
    ["eight characters outside the first plane", "\u{1f600}".repeat(8), undefined],
    ["1,024 bytes", "a".repeat(maximumPasswordBytes), undefined],
    ["1,025 bytes", "a".repeat(maximumPasswordBytes + 1), "tooLong"],
    ["1,024 bytes in 512 characters", "\u00e9".repeat(512), undefined],
    ["1,026 bytes in 513 characters", "\u00e9".repeat(513), "tooLong"],
    ["a mebibyte", "a".repeat(1024 * 1024), "tooLong"],
    ["half a character", "half \ud83d and more", "malformed"],
  ])("%s: %#", (_, password, problem) => {
    expect(findPasswordProblem(password)).toBe(problem);
  });

  it("hashes only what was checked", async () => {
    await expect(passwords.hash("short")).rejects.toThrow(TypeError);
  });
});

/** Counts, and finishes only when told to. */
function slowArgon2() {
  const under: (() => void)[] = [];
  let calls = 0;
  const work = async (): Promise<void> => {
    calls += 1;
    await new Promise<void>((resolve) => under.push(resolve));
  };
  return {
    calls: () => calls,
    underWay: () => under.length,
    finishOne: () => under.shift()?.(),
    argon2: {
      hash: async () => {
        await work();
        return "hash";
      },
      verify: async () => {
        await work();
        return true;
      },
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the work a sign-in costs", () => {
  it.each([
    ["a known user", "hash"],
    ["nobody", undefined],
  ])("LC-31: is one hash for %s", async (_, passwordHash) => {
    const { argon2, calls, finishOne } = slowArgon2();
    const verified = createPasswords({ argon2 }).verify("correct horse", passwordHash);
    await settle();
    finishOne();
    expect(await verified).toBe(passwordHash !== undefined);
    expect(calls()).toBe(1);
  });

  it.each([
    ["a known user", "hash"],
    ["nobody", undefined],
  ])("LC-34: is none for a password too long to be anybody's, of %s", async (_, passwordHash) => {
    const { argon2, calls } = slowArgon2();
    expect(await createPasswords({ argon2 }).verify("a".repeat(1025), passwordHash)).toBe(false);
    expect(calls()).toBe(0);
  });

  it("is done for two at once, in the order in which they came", async () => {
    const { argon2, underWay, finishOne } = slowArgon2();
    const few = createPasswords({ argon2 });
    const done: number[] = [];
    const all = [1, 2, 3, 4, 5].map(async (number) => {
      await few.verify("correct horse", "hash");
      done.push(number);
    });
    for (let finished = 0; finished < 5; finished += 1) {
      await settle();
      expect(underWay()).toBe(Math.min(2, 5 - finished));
      finishOne();
    }
    await Promise.all(all);
    expect(done).toEqual([1, 2, 3, 4, 5]);
  });

  it("is refused early with 503 and a time to come back when too much waits, and taken again later", async () => {
    const { argon2, finishOne } = slowArgon2();
    const few = createPasswords({ argon2, atOnce: 1, waiting: 2 });
    const all = [1, 2, 3].map(() => few.verify("correct horse", "hash"));
    const refusal = { code: "temporarily_unavailable", status: 503, retryAfterSeconds: 2 };
    await expect(few.verify("correct horse", "hash")).rejects.toMatchObject(refusal);
    await settle();
    finishOne();
    await settle();
    all.push(few.verify("correct horse", "hash"));
    for (let rest = 0; rest < 3; rest += 1) {
      finishOne();
      await settle();
    }
    expect(await Promise.all(all)).toEqual([true, true, true, true]);
  });

  it("frees its place when a hash fails", async () => {
    let calls = 0;
    const argon2 = {
      hash: async () => "hash",
      verify: async () => {
        calls += 1;
        if (calls === 1) throw new Error("The stored hash is damaged.");
        return true;
      },
    };
    const few = createPasswords({ argon2, atOnce: 1, waiting: 0 });
    await expect(few.verify("correct horse", "hash")).rejects.toThrow("damaged");
    expect(await few.verify("correct horse", "hash")).toBe(true);
  });
});
