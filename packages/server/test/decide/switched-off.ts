import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { OAuthError } from "@codegrant/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** One rule of a decision: what it promises, and the change of the source that switches it off. */
export interface Rule<Module> {
  readonly rule: string;
  readonly off: readonly [find: string, put: string];
  /** Throws where the rule does not hold. */
  holds(decide: Module): void;
}

const folderOfDecisions = fileURLToPath(new URL("../../src/decide/", import.meta.url));

/**
 * Tests each rule twice: it holds in the source as it is, and its test goes red in a copy of the source from which
 * this one rule is taken. So every rule has a test that fails without it.
 */
export function describeRules<Module>(file: string, decide: Module, rules: readonly Rule<Module>[]): void {
  describe(`decide/${file}`, () => {
    it.each(rules)("$rule", ({ holds }) => {
      expect(() => holds(decide)).not.toThrow();
    });

    const copies = mkdtempSync(path.join(tmpdir(), "codegrant-rules-"));
    afterAll(() => rmSync(copies, { recursive: true, force: true }));
    let source = "";
    beforeAll(() => {
      source = readFileSync(path.join(folderOfDecisions, file), "utf8");
    });

    const copyOf = async (text: string, name: string): Promise<Module> => {
      const copy = path.join(copies, `${name}-${file}`);
      writeFileSync(copy, withAbsoluteImports(text));
      return (await import(copy)) as Module;
    };

    it("a copy from which nothing is taken passes", async () => {
      const whole = await copyOf(source, "whole");
      for (const { holds } of rules) holds(whole);
      expect(rules.length).toBeGreaterThan(0);
    });

    it.each(rules.map((rule, i) => ({ ...rule, i })))("goes red without: $rule", async ({ off, holds, i }) => {
      const without = await copyOf(switchedOff(source, off), String(i));
      expect(isRed(() => holds(without))).toBe(true);
    });
  });
}

function isRed(test: () => void): boolean {
  try {
    test();
    return false;
  } catch {
    return true;
  }
}

/** A text that is not there, or is there twice, would switch off nothing, or who knows what. */
function switchedOff(source: string, [find, put]: Rule<never>["off"]): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`This text must stand in the source once: ${find}`);
  return before + put + after;
}

function withAbsoluteImports(source: string): string {
  return source.replaceAll(/from "(\.[^"]+)"/g, (_, to: string) => `from "${path.resolve(folderOfDecisions, to)}"`);
}

/** Why a decision said no: the error's code and its detail, reason or description, whichever says most. */
export function refusalOf(decide: () => unknown): string {
  try {
    decide();
  } catch (error) {
    if (error instanceof OAuthError) return `${error.code}: ${error.detail ?? error.reason ?? error.description}`;
    throw error;
  }
  throw new Error("It was not refused");
}
