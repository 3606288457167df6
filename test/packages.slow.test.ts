import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packAll, sourceOf } from "../scripts/pack.mjs";
import { filesWhere, root } from "./tree.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly sideEffects?: boolean;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const packages = filesWhere((file) => /^packages\/[^/]+\/package\.json$/.test(file)).map(({ path: file, text }) => {
  const manifest = JSON.parse(text) as Manifest;
  return { ...manifest, folder: path.join(root, path.dirname(file)), tarball: tarballName(manifest) };
});
const specifiers = packages.flatMap(({ name, exports }) =>
  Object.keys(exports).map((entry) => path.posix.join(name, entry)),
);

const work = mkdtempSync(path.join(tmpdir(), "codegrant-packages-"));
const tarballs = path.join(work, "tarballs");
const consumer = path.join(work, "consumer");
const minute = 60_000;

beforeAll(async () => {
  packAll(tarballs);
  mkdirSync(consumer);
  writeFileSync(path.join(consumer, "package.json"), '{ "private": true, "type": "module" }\n');
  const files = packages.map(({ tarball }) => path.join(tarballs, tarball));
  // What an application brings along if it wants the entry points that use it.
  const peers = packages.flatMap(({ peerDependencies = {} }) =>
    Object.entries(peerDependencies).map((one) => one.join("@")),
  );
  await npm(["install", ...fromCache, ...files, ...peers]);
}, 3 * minute);
afterAll(() => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));

describe("each package, as npm would publish it", () => {
  it.each(packages)("$name says what it is, and has its licence and a page to read", (manifest) => {
    const { description = "", keywords = [], folder } = manifest;
    expect(manifest).toMatchObject({ license: "Apache-2.0", sideEffects: false });
    expect(description).not.toBe("");
    expect(keywords).toContain("oauth2");
    expect(readFileSync(path.join(folder, "LICENSE"), "utf8")).toBe(readFileSync(path.join(root, "LICENSE"), "utf8"));
    expect(readFileSync(path.join(folder, "README.md"), "utf8")).toMatch(/^# /);
  });

  it.each(packages)("$name holds its build, its licence and its page, and no stray file", ({ folder, tarball }) => {
    const files = createPackageFromTarballData(read(tarball)).listFiles();
    const names = files.map((file) => file.replace(/^\/node_modules\/(?:@[^/]+\/)?[^/]+\//, ""));
    expect(names).toEqual(expect.arrayContaining(["package.json", "LICENSE", "README.md"]));
    const built = names.filter((name) => /^dist\/.*\.(?:js|d\.ts)$/.test(name));
    expect(built.filter((name) => !sourceOf(folder, name.slice("dist/".length)))).toEqual([]);
    const others = names.filter(
      (name) => !built.includes(name) && !/^(?:package\.json|LICENSE|README\.md)$/.test(name),
    );
    expect(others.filter((name) => !/^bin\/[a-z]+\.js$/.test(name))).toEqual([]);
  });

  it.each(packages)("$name has nothing that publint objects to", async ({ tarball }) => {
    const { buffer, byteOffset, byteLength } = read(tarball);
    const data = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it.each(packages)("$name has types that are right wherever modules are", async ({ tarball }) => {
    const result = await checkPackage(createPackageFromTarballData(read(tarball)));
    if (result.types === false) throw new Error("It has no types.");
    // Modules only: `require` of them works from Node 20.19 on, and resolution as before 2022 is not promised.
    const promised = result.problems.filter(
      (problem) =>
        !("resolutionKind" in problem && problem.resolutionKind === "node10") &&
        !(problem.kind === "CJSResolvesToESM" && problem.resolutionKind === "node16-cjs"),
    );
    expect(promised).toEqual([]);
  });
});

describe("a project that installs the packages", () => {
  it("compiles under the strictest settings, with their declarations checked", async () => {
    const names = specifiers.map((specifier, index) => `export * as entry${index} from "${specifier}";`);
    expect(await compile("everything", { lib: ["es2023"], types: ["node"] }, names)).toBe("");
  }, 60_000);

  it("compiles without Node's types where it uses nothing of Node", async () => {
    const names = ["@codegrant/protocol", "@codegrant/client", "@codegrant/client/contract"];
    const lines = names.map((specifier, index) => `export * as entry${index} from "${specifier}";`);
    expect(await compile("worker", { lib: ["es2023", "dom", "dom.iterable"], types: [] }, lines)).toBe("");
  }, 60_000);

  it("is told when something does not fit", async () => {
    const lines = [
      'import { connect, twitch } from "@codegrant/client";',
      "export const it: string = connect(twitch);",
    ];
    expect(await compile("wrong", { lib: ["es2023", "dom"], types: [] }, lines)).toContain("error TS");
  }, 60_000);

  it("loads every entry point", async () => {
    const program = `for (const name of ${JSON.stringify(specifiers)}) console.log(name, Object.keys(await import(name)).length);`;
    const lines = (await node(["--input-type=module", "--eval", program])).trim().split("\n");
    expect(lines).toHaveLength(specifiers.length);
    expect(lines.filter((line) => line.endsWith(" 0"))).toEqual([]);
  }, 60_000);

  it("gets a token from the packed server with the packed client, refreshes, uses and revokes it", async () => {
    copyFileSync(path.join(root, "test", "consumer", "flow.mjs"), path.join(consumer, "flow.mjs"));
    expect(JSON.parse(await node(["flow.mjs"]))).toEqual({
      login: "ninja",
      scopes: ["user:read:email"],
      isFresh: true,
      revoked: "revoked",
    });
  }, 60_000);
});

describe("the packed command", () => {
  it("serves when npx starts it", async () => {
    const files = packages.flatMap(({ tarball }) => ["--package", path.join(tarballs, tarball)]);
    const args = [...files, "--", "codegrant", "serve", "--port", "0", "--db", path.join(work, "npx.db")];
    const child = spawn("npx", ["--yes", "--prefer-offline", ...args], { cwd: work, detached: true });
    try {
      const url = await firstAddress(child);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    }
  }, 60_000);
});

const fromCache = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
const run = promisify(execFile);

async function npm(args: readonly string[]): Promise<void> {
  await run("npm", args, { cwd: consumer, timeout: 2 * minute });
}

async function node(args: readonly string[]): Promise<string> {
  return (await run(process.execPath, args, { cwd: consumer, timeout: minute })).stdout;
}

/** What the compiler says of a project with these lines; empty when it is content. */
async function compile(name: string, environment: object, lines: readonly string[]): Promise<string> {
  const folder = path.join(consumer, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "index.ts"), `${lines.join("\n")}\n`);
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...strictest, ...environment } }),
  );
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  return await run(process.execPath, [tsc, "-p", folder], { timeout: minute }).then(
    () => "",
    (error: { stdout: string }) => error.stdout,
  );
}

const strictest = {
  module: "nodenext",
  target: "es2023",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  isolatedDeclarations: true,
  declaration: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
  typeRoots: [path.join(root, "node_modules", "@types")],
};

function firstAddress(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      const address = / at (http:\S+)/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("close", (code) => reject(new Error(`npx ended with ${code}: ${text}`)));
    child.once("error", reject);
  });
}

function tarballName({ name, version }: Manifest): string {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}

function read(tarball: string): Buffer {
  const file = path.join(tarballs, tarball);
  if (!existsSync(file)) throw new Error(`npm pack made no ${tarball}.`);
  return readFileSync(file);
}
