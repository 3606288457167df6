import { describe, expect, it } from "vitest";
import { createRandom } from "../src/random.ts";

describe("random bytes", () => {
  it("are never the same twice, also where one pool ends and the next begins", () => {
    const random = createRandom();
    const seen = new Set<string>();
    for (let i = 0; i < 2_000; i++) seen.add(Buffer.from(random(12)).toString("hex"));
    expect(seen.size).toBe(2_000);
  });

  it("stay as they were when more are drawn", () => {
    const random = createRandom();
    const first = random(32);
    const before = Buffer.from(first);
    for (let i = 0; i < 500; i++) random(32);
    expect(Buffer.from(first).equals(before)).toBe(true);
  });

  it.each([0, 1, 12, 32, 4_096, 4_097, 10_000])("come as many as were asked for: %i", (bytes) => {
    const random = createRandom();
    random(100);
    expect(random(bytes)).toHaveLength(bytes);
  });
});
