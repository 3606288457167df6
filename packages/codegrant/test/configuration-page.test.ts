import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { configurationSchema, readConfigurationFile } from "../src/config-file.ts";

const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** The path of every key, in order: those of a list's items under the list's own name. */
function keysOf(schema: JsonSchema, place = ""): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const at = place === "" ? name : `${place}.${name}`;
    return [at, ...keysOf(inner, at), ...keysOf(inner.items ?? {}, at)];
  });
}

describe("docs/configuration.md", () => {
  it("has a line for every key there is, and for no other", () => {
    const listed = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, key = ""]) => key);
    const keys = keysOf(z.toJSONSchema(configurationSchema, { io: "input" }) as JsonSchema);
    expect(listed.toSorted()).toEqual([...keys].toSorted());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it("has an example that is right, and a mistake that is told so", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "codegrant-config-"));
    try {
      const example = /```json\n([^]*?)```/.exec(page)?.[1] ?? "";
      const file = path.join(folder, "platform.json");
      writeFileSync(file, example);
      expect(await readConfigurationFile(file)).toMatchObject({ name: "Photo club" });
      writeFileSync(file, '{"lifetimes":{"codes":60}}');
      const told = /```text\n[^\n]+\n([^]*?)```/.exec(page)?.[1]?.trim() ?? "?";
      await expect(readConfigurationFile(file)).rejects.toThrow(told);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
