import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKeyFile, formatKeys, newKey, parseKeys, readKeyFile } from "../src/key-file.ts";

const at = 1_800_000_000;
let folder: string;
const file = (): string => path.join(folder, "platform.keys");

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "codegrant-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a key file", () => {
  it("is made with one key of 256 bits, for its owner alone", () => {
    const keys = createKeyFile(file(), at);
    expect(keys?.map(({ id, secret }) => [id, secret.length])).toEqual([[1, 32]]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readKeyFile(file())).toEqual(keys);
  });

  it("stays closed to others whatever the umask (ST-03)", () => {
    const before = process.umask(0);
    try {
      createKeyFile(path.join(folder, "new", "platform.keys"), at);
    } finally {
      process.umask(before);
    }
    expect(statSync(path.join(folder, "new")).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, "new", "platform.keys")).mode & 0o777).toBe(0o600);
  });

  it("is never written over, and leaves no draft behind", () => {
    const first = createKeyFile(file(), at);
    expect(createKeyFile(file(), at)).toBeUndefined();
    expect(readKeyFile(file())).toEqual(first);
    expect(readdirSync(folder)).toEqual(["platform.keys"]);
  });

  it("is nothing while there is none", () => {
    expect(readKeyFile(file())).toBeUndefined();
  });

  it("comes back as it was written, in its order", () => {
    const keys = fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(keys, (ids) => {
        const written = ids.map((id) => newKey(id, at + id));
        expect(parseKeys(formatKeys(written), "It")).toEqual(written);
      }),
    );
  });

  it.each([
    ["empty", ""],
    ["no JSON", "hunter2"],
    ["without keys", '{"keys":[]}'],
    ["with an id out of range", formatKeys([newKey(256, at)])],
    ["with an id twice", formatKeys([newKey(1, at), newKey(1, at)])],
    ["with a short secret", '{"keys":[{"id":1,"secret":"c2VjcmV0","createdAt":"2026-11-01T00:00:00Z"}]}'],
    ["with a member of another program", '{"keys":[],"host":"example"}'],
  ])("that is %s is refused with a sentence that names it and shows nothing of it", (_, text) => {
    writeFileSync(file(), text, { mode: 0o600 });
    expect(() => readKeyFile(file())).toThrow(/platform\.keys does not hold keys.*--key-file FILE/s);
    expect(() => readKeyFile(file())).not.toThrow(/hunter2|c2Vj/);
  });

  it.each([0o644, 0o640, 0o604, 0o602, 0o660])(
    "open to others (mode %o) is refused with how to close it (ST-03)",
    (mode) => {
      createKeyFile(file(), at);
      chmodSync(file(), mode);
      expect(() => readKeyFile(file())).toThrow(`chmod 600 ${file()}`);
      expect(readFileSync(file(), "utf8")).toContain('"id": 1'); // it is left as it is
    },
  );

  it("that is a folder is refused", () => {
    mkdirSync(file());
    expect(() => readKeyFile(file())).toThrow(/is not a file/);
  });

  it("larger than any is refused unread", () => {
    writeFileSync(file(), " ".repeat(100_000), { mode: 0o600 });
    expect(() => readKeyFile(file())).toThrow(/larger than any key file/);
  });
});
