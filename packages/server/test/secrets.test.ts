import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ApplicationSecret } from "../src/records.ts";
import { createClientId, createSecret, hashSecret, verifyClientSecret } from "../src/secrets.ts";

const now = 1_800_000_000;

/** Gives these bytes over and over. */
function repeating(...bytes: number[]) {
  let next = 0;
  return {
    random: (count: number) => Uint8Array.from({ length: count }, () => bytes[next++ % bytes.length] ?? 0),
  };
}

describe("what is drawn", () => {
  it("LC-46: client ids are thirty lowercase letters and digits, and never a number such as a user's id", () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(255)), (stream) => {
        const source = { random: (count: number) => Uint8Array.from(stream.take(count)) };
        expect(createClientId(source)).toMatch(/^[a-z][a-z0-9]{29}$/);
      }),
      { numRuns: 200 },
    );
  });

  it("secrets are 43 letters and digits, which hold 256 bits", () => {
    expect(createSecret(repeating(...Array(248).keys()))).toMatch(/^[A-Za-z0-9]{43}$/);
    expect(43 * Math.log2(62)).toBeGreaterThan(256);
  });

  it("every character of a secret is equally likely: the bytes that would favour some are thrown away", () => {
    const seen = new Map<string, number>();
    for (let byte = 0; byte < 256; byte += 1) {
      // Two bytes in turn: the one in question, and one that is always usable so that every draw ends.
      const secret = createSecret(repeating(byte, 0));
      const character = byte < 248 ? secret[0] : "none";
      if (byte >= 248) expect(secret).toBe("A".repeat(43));
      seen.set(character ?? "", (seen.get(character ?? "") ?? 0) + 1);
    }
    seen.delete("none");
    expect(seen.size).toBe(62);
    expect(new Set(seen.values())).toEqual(new Set([4]));
  });

  it("a source that gives nothing usable is an error and not an endless wait", () => {
    expect(() => createSecret(repeating(255))).toThrow(TypeError);
  });
});

const known = (secret: string, expiresAt?: number): ApplicationSecret => ({
  hash: hashSecret(secret),
  createdAt: now - 100,
  ...(expiresAt === undefined ? {} : { expiresAt }),
});

describe("a client secret", () => {
  it.each([
    ["is good when it is the one", [known("one")], "one", true],
    ["is no good when it is another", [known("one")], "two", false],
    ["is no good by its first characters", [known("one")], "on", false],
    ["is no good empty", [known("one")], "", false],
    ["is no good where there is none", [], "one", false],
    ["is good as the newer of two", [known("two"), known("one", now + 1)], "two", true],
    ["is good as the older of two while they overlap", [known("two"), known("one", now + 1)], "one", true],
    ["LC-43: is no good once the overlap is over", [known("two"), known("one", now)], "one", false],
    [
      "is compared as a whole: its own hash is no secret",
      [known("one")],
      Buffer.from(hashSecret("one")).toString("hex"),
      false,
    ],
  ])("%s", (_, secrets, secret, good) => {
    expect(verifyClientSecret({ secrets }, secret, now)).toBe(good);
  });
});
