import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { wrongArrows } from "./arrows.ts";
import { importsOf, isRelative, packageOf } from "./imports.ts";
import { filesWhere, isSource, isTest, root, type TreeFile } from "./tree.ts";

const sources = filesWhere((file) => /^(?:packages|examples)\/[^/]+\/src\//.test(file) && isSource(file));
const manifests = filesWhere((file) => /^(?:packages|examples)\/[^/]+\/package\.json$/.test(file)).map((file) => ({
  folder: path.posix.dirname(file.path),
  ...(JSON.parse(file.text) as Manifest),
}));

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

describe("imports run one way", () => {
  it("in every source", () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(wrongArrows(sources)).toEqual([]);
  });

  const source = (file: string, text: string): TreeFile => ({ path: file, text });
  it.each([
    ["packages/protocol/src/scope.ts", 'import { readFile } from "node:fs";'],
    ["packages/protocol/src/scope.ts", 'export * from "@codegrant/client";'],
    ["packages/client/src/flow/start.ts", 'import { randomBytes } from "node:crypto";'],
    ["packages/client/src/index.ts", 'export { openLoopback } from "./node/index.ts";'],
    ["packages/client/src/id-token.ts", 'import { compactVerify } from "jose";'],
    ["packages/client/src/index.ts", 'export { createSignatureCheck } from "./jose/index.ts";'],
    ["packages/server/src/decide/token.ts", 'import { createMemoryStore } from "../memory-store.ts";'],
    ["packages/server/src/decide/token.ts", 'import { page } from "../pages/index.ts";'],
    ["packages/server/src/pages/consent.tsx", 'import type { Grant } from "../records.ts";'],
    ["packages/server/src/endpoints/token.ts", 'import { createServer } from "node:http";'],
    ["packages/server/src/endpoints/token.ts", 'const { DatabaseSync } = await import("node:sqlite");'],
    ["packages/server/src/actions/users.ts", 'import { page } from "../endpoints/page.ts";'],
    ["packages/server/src/http/node.ts", 'import { decideToken } from "../decide/token.ts";'],
    ["packages/server/src/clock.ts", 'import "@codegrant/client";'],
    ["packages/sqlite/src/server/store.ts", 'import { createPlatform } from "@codegrant/server";'],
    ["packages/sqlite/src/server/store.ts", 'import type { Keeper } from "@codegrant/client";'],
    ["packages/codegrant/src/serve.ts", 'import http from "node:http";'],
  ])("so that %s with `%s` is named", (file, text) => {
    expect(wrongArrows([source(file, text)])).toEqual([expect.stringContaining(`${file} imports `)]);
  });

  it.each([
    ["packages/server/src/decide/token.ts", 'import type { Grant } from "../records.ts";'],
    ["packages/server/src/decide/token.ts", 'import type { GrantFacts } from "../store.ts";'],
    ["packages/server/src/pages/consent.tsx", 'import { html } from "hono/html";'],
    ["packages/server/src/http/node.ts", 'import { createServer } from "node:http";'],
    ["packages/client/src/node/listen.ts", 'import { createServer } from "node:http";'],
    ["packages/sqlite/src/server/store.ts", 'import { type Grant, type Store } from "@codegrant/server";'],
    ["packages/protocol/src/scope.ts", '/** @example import { x } from "@codegrant/client"; */ // import "node:fs"'],
  ])("and %s with `%s` is fine", (file, text) => {
    expect(wrongArrows([source(file, text)])).toEqual([]);
  });
});

describe("the command loads no more than it needs", () => {
  const folder = "packages/codegrant/src";
  it.each([
    ["main.ts", ["commander"]],
    ["commands/token.ts", ["@codegrant/client", "commander"]],
    ["commands/fetch.ts", ["@codegrant/client", "commander"]],
    ["commands/login.ts", ["@codegrant/client", "commander"]],
    ["commands/app.ts", ["@codegrant/server", "@codegrant/sqlite", "commander"]],
    ["serve.ts", ["@codegrant/server", "@codegrant/sqlite"]],
  ])("at once: %s these packages: %j", (start, packages) => {
    expect(packagesAtOnce(`${folder}/${start}`)).toEqual(packages);
  });
});

/** The packages that a source and all it imports statically need before the first line runs. */
function packagesAtOnce(start: string): string[] {
  const seen = new Set([start]);
  for (const name of seen) {
    const file = sources.find((source) => source.path === name);
    const atOnce = file && { ...file, text: file.text.replace(/\bimport\s*\(/g, "later(") };
    for (const { specifier, target, isTypeOnly } of atOnce ? importsOf(atOnce) : [])
      if (!isTypeOnly && !specifier.startsWith("node:"))
        seen.add(isRelative(specifier) ? target : packageOf(specifier));
  }
  return [...seen].filter((name) => !name.startsWith("packages/")).toSorted();
}

describe("tests that npm run quick runs", () => {
  it("start no process: those that do are named *.slow.test.ts", () => {
    const files = new Map(filesWhere(isSource).map((file) => [file.path, file]));
    const quick = [...files.keys()].filter(
      (file) => isTest(file) && !file.includes(".slow.test.") && !file.startsWith("e2e/"),
    );
    expect(quick.length).toBeGreaterThan(0);
    const starting = quick.filter((file) => testCodeOf(file, files).some(startsProcess));
    expect(starting).toEqual([]);
  });
});

/** A test and what it imports of other tests, near and far; not what is tested, whose processes are its own matter. */
function testCodeOf(start: string, files: ReadonlyMap<string, TreeFile>): TreeFile[] {
  const seen = new Set([start]);
  // A set that grows while one walks it is walked to its end.
  for (const name of seen) {
    const file = files.get(name);
    for (const { target, isTypeOnly } of file ? importsOf(file) : [])
      if (!isTypeOnly && files.has(target) && /(?:^|\/)test\//.test(target)) seen.add(target);
  }
  return [...seen].flatMap((name) => files.get(name) ?? []);
}

function startsProcess(file: TreeFile): boolean {
  return importsOf(file).some((arrow) => arrow.specifier === "node:child_process" && !arrow.isTypeOnly);
}

describe("what a package says of itself is true", () => {
  it.each(manifests)("$name depends on every package it imports", ({ folder, name, ...manifest }) => {
    const declared = new Set([
      name,
      ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }),
    ]);
    const undeclared = sources
      .filter((file) => file.path.startsWith(`${folder}/`))
      .flatMap(importsOf)
      .filter(({ specifier }) => !isRelative(specifier) && !specifier.startsWith("node:"))
      .filter(({ specifier }) => !declared.has(packageOf(specifier)))
      .map(({ from, specifier }) => `${from} imports ${specifier}`);
    expect(undeclared).toEqual([]);
  });

  const entryPoints = manifests.flatMap(({ folder, name, exports = {} }) =>
    Object.entries(exports).map(([entry, target]) => ({ folder, name, entry, target })),
  );
  it.each(entryPoints)("the entry point $entry of $name is a folder with an index", ({ folder, entry, target }) => {
    const room = entry === "." ? "" : `${entry.slice(2)}/`;
    expect(existsSync(path.join(root, folder, "src", room, "index.ts"))).toBe(true);
    expect(target).toEqual({ types: `./dist/${room}index.d.ts`, default: `./dist/${room}index.js` });
  });

  it.each(entryPoints)("tests read the sources behind $entry of $name, never a build", ({ name, entry }) => {
    const [config] = filesWhere((file) => file === "vitest.config.ts");
    const specifier = entry === "." ? name : `${name}/${entry.slice(2)}`;
    expect(config?.text).toMatch(new RegExp(`["'\\s]${specifier}["']?:`));
  });
});

describe("sources", () => {
  it("read the environment only in the command, the scripts and the examples", () => {
    const readers = sources
      // What the how-to shows are programs of others, as text.
      .filter((file) => !/^(?:packages\/codegrant|packages\/server\/src\/how-to|examples)\//.test(file.path))
      .filter((file) => /\bprocess\.env\b|\bDeno\.env\b|\bBun\.env\b/.test(file.text))
      .map((file) => file.path);
    expect(readers).toEqual([]);
  });

  it("know no clock and no randomness where rules are decided or pages drawn: both are passed in", () => {
    const pure = /^packages\/(?:protocol\/src|server\/src\/(?:decide|tokens|pages|endpoints|actions))\//;
    const own =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\b|\brandom(?:Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b|\bsetTimeout\(/;
    const impure = sources.filter((file) => pure.test(file.path) && own.test(file.text)).map((file) => file.path);
    expect(impure).toEqual([]);
  });

  it("are named after what they hold", () => {
    const vague = filesWhere(isSource)
      .map((file) => file.path)
      .filter((file) => /(?:^|[/.-])(?:utils?|helpers?|common|manager|service|misc)(?:[/.-]|$)/i.test(file));
    expect(vague).toEqual([]);
  });

  it("import each other with their endings, so that Node itself can run them", () => {
    const bare = sources
      .flatMap(importsOf)
      .filter(({ specifier }) => isRelative(specifier) && !/\.(?:tsx?|json|js)$/.test(specifier))
      .map(({ from, specifier }) => `${from} imports ${specifier}`);
    expect(bare).toEqual([]);
  });
});
