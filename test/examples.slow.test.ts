import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { filesWhere, isMarkdown, isSource, lineAt, root, type TreeFile } from "./tree.ts";

interface Example {
  /** Where a reader finds it. */
  readonly at: string;
  readonly code: string;
}

describe("examples", () => {
  it("in documents and docstrings compile against the sources", async () => {
    const documents = filesWhere(isMarkdown).flatMap(examplesOfDocument);
    const docstrings = filesWhere((file) => /^packages\/[^/]+\/src\//.test(file) && isSource(file)).flatMap(
      examplesOfDocstrings,
    );
    expect(documents.length).toBeGreaterThan(0);
    expect(docstrings.length).toBeGreaterThan(0);
    expect(await compile([...documents, ...docstrings])).toBe("");
  }, 60_000);

  it("that do not compile are named by their place", async () => {
    const wrong = await compile([{ at: "docs/wrong.md:7", code: "const lifetimeSeconds: number = 'an hour';" }]);
    expect(wrong).toMatch(/^docs\/wrong\.md:7\(1,7\): error TS2322/);
  }, 60_000);
});

function examplesOfDocument({ path: file, text }: TreeFile): Example[] {
  return [...text.matchAll(/^```tsx?\n(?<code>[\s\S]*?)^```/gm)].map((match) => ({
    at: `${file}:${lineAt(text, match.index)}`,
    code: match.groups?.["code"] ?? "",
  }));
}

/** The fenced blocks of docstrings, and an `@example` without a fence up to the next tag. */
function examplesOfDocstrings({ path: file, text }: TreeFile): Example[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((match) => {
    const comment = match[0].slice(3, -2).replace(/^[ \t]*\* ?/gm, "");
    const fenced = [...comment.matchAll(/^```tsx?\n(?<code>[\s\S]*?)^```/gm)];
    const plain = [...comment.matchAll(/^@example\b(?!\s*```)(?<code>[\s\S]*?)(?=^@|(?![\s\S]))/gm)];
    const at = `${file}:${lineAt(text, match.index)}`;
    return [...fenced, ...plain].map((found) => ({ at, code: found.groups?.["code"] ?? "" }));
  });
}

/** What the compiler says, with the examples' own places in it; empty when it is content. */
async function compile(examples: readonly Example[]): Promise<string> {
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(path.join(root, ".cache", "examples-"));
  try {
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(project()));
    examples.forEach(({ code }, index) => {
      writeFileSync(path.join(folder, `example-${index}.ts`), `${code}\nexport {};\n`);
    });
    const output = await run(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
    return output.replace(/^.*example-(\d+)\.ts/gm, (_, index) => examples[Number(index)]?.at ?? "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function project(): object {
  return {
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      composite: false,
      declaration: false,
      noEmit: true,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false,
      lib: ["es2023", "dom"],
      paths: sourcesOfEntryPoints(),
    },
    include: ["*.ts"],
  };
}

function sourcesOfEntryPoints(): Record<string, readonly string[]> {
  const manifests = filesWhere((file) => /^packages\/[^/]+\/package\.json$/.test(file));
  const entries = manifests.flatMap(({ path: file, text }) => {
    const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: Record<string, unknown> };
    return Object.keys(exports).map((entry) => {
      const source = path.join(root, path.dirname(file), "src", entry.slice(1), "index.ts");
      return [path.posix.join(name, entry.slice(1)), [source]] as const;
    });
  });
  return Object.fromEntries(entries);
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: root, timeout: 50_000 }, (error, stdout, stderr) => {
      resolve(error ? stdout + stderr || error.message : "");
    });
  });
}
