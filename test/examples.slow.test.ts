import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { filesWhere, isMarkdown, isSource, lineAt, root, type TreeFile } from "./tree.ts";

interface Example {
  /** Where a reader finds it. */
  readonly at: string;
  /** A module that compiles as it stands. */
  readonly code: string;
}

/** What the short examples of docstrings may take for granted: in every package, and in one. */
const standIns = `
declare const provider: import("@codegrant/client").Provider;
declare const client: import("@codegrant/client").ClientCredentials;
declare const tokens: import("@codegrant/client").Tokens;
declare const session: { pending: import("@codegrant/client").PendingAuthorization };
declare const platform: import("@codegrant/server").Platform;
declare const request: Request;
declare const id: number, folder: string, scopes: readonly string[];
declare const clientId: string, clientSecret: string, redirectUri: string, code: string, query: string;
declare const status: number, contentType: string, body: string;
declare const tokenFile: { save(text: string): Promise<void> };
declare function show(page: string): Response;
declare function showDeclined(): Response;
`;
const standInsOf: Readonly<Record<string, string>> = {
  "packages/client": `
declare const store: import("@codegrant/client").ClientStore, connection: import("@codegrant/client").Connection;
declare const device: import("@codegrant/client").DeviceAuthorization;
declare const options: import("@codegrant/client").ConnectOptions;
declare function save(tokens: import("@codegrant/client").Tokens): Promise<void>;
declare const ApiClient: new (options: object) => unknown, ChatClient: new (options: object) => unknown;
`,
  "packages/sqlite": `declare const key: Uint8Array;\n`,
  "packages/server": `
declare const store: import("@codegrant/server").Store, keys: import("@codegrant/server").KeyRing;
declare const settings: import("@codegrant/server").PlatformSettings;
type Member = import("@codegrant/server").HostUser;
declare const members: Record<"find" | "findByCookie", (key: string | undefined) => Promise<Member | undefined>>;
`,
};

const entryPoints = findEntryPoints();

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
function examplesOfDocstrings(file: TreeFile): Example[] {
  return [...file.text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((match) => {
    const comment = match[0].slice(3, -2).replace(/^[ \t]*\* ?/gm, "");
    const fenced = [...comment.matchAll(/^```tsx?\n(?<code>[\s\S]*?)^```/gm)];
    const plain = [...comment.matchAll(/^@example\b(?!\s*```)(?<code>[\s\S]*?)(?=^@|(?![\s\S]))/gm)];
    const at = `${file.path}:${lineAt(file.text, match.index)}`;
    return [...fenced, ...plain].map((found) => ({ at, code: moduleOf(file.path, found.groups?.["code"] ?? "") }));
  });
}

/** A docstring's example is a fragment: it may use what its package exports, and `await` and `return`. */
function moduleOf(file: string, fragment: string): string {
  const imports = [...fragment.matchAll(/^import .*$/gm)].map(([line]) => line).join("\n");
  const body = fragment.replace(/^import .*$/gm, "");
  const isUsed = (name: string) => isWord(name, body) && !isWord(name, imports.replace(/\w+ as /g, ""));
  const found = new Set<string>();
  // What its own entry point has; then the package's main one, then the others.
  const own = entryPointsFor(file).map((entry) => {
    const names = entry.exports.filter((name) => isUsed(name) && !found.has(name));
    for (const name of names) found.add(name);
    return names.length > 0 ? `\nimport { ${[...new Set(names)].join(", ")} } from "${entry.specifier}";` : "";
  });
  const ofPackage = standInsOf[file.split("/", 2).join("/")] ?? "";
  return `${imports}${own.join("")}${standIns}${ofPackage}async function example() {\n${body}\n}\n`;
}

function entryPointsFor(file: string): EntryPoint[] {
  const room = (entry: EntryPoint): number => (file.startsWith(`${entry.folder}/`) ? entry.folder.length : 0);
  const ofPackage = entryPoints.filter(({ folder }) => folder.startsWith(`${file.split("/", 2).join("/")}/`));
  return ofPackage.toSorted((a, b) => room(b) - room(a) || a.folder.length - b.folder.length);
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
      verbatimModuleSyntax: false,
      lib: ["es2023", "dom"],
      paths: Object.fromEntries(entryPoints.map(({ specifier, source }) => [specifier, [source]])),
    },
    include: ["*.ts"],
  };
}

const isWord = (name: string, text: string): boolean => new RegExp(`\\b${name}\\b`).test(text);

interface EntryPoint {
  readonly specifier: string;
  /** Relative to the root. */
  readonly folder: string;
  readonly source: string;
  readonly exports: readonly string[];
}

function findEntryPoints(): EntryPoint[] {
  const manifests = filesWhere((file) => /^packages\/[^/]+\/package\.json$/.test(file));
  return manifests.flatMap(({ path: file, text }) => {
    const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: Record<string, unknown> };
    return Object.keys(exports).map((entry) => {
      const folder = path.posix.join(path.posix.dirname(file), "src", entry);
      const source = path.join(root, folder, "index.ts");
      return {
        specifier: path.posix.join(name, entry),
        folder,
        source,
        exports: exportsOf(source),
      };
    });
  });
}

/** What an entry point exports: in lists, by declaration, and from others whole. */
function exportsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const lists = [...text.matchAll(/^export\s+(?:type\s+)?\{(?<names>[^}]*)\}/gm)].flatMap(({ groups }) =>
    (groups?.["names"] ?? "").split(",").map((name) => name.replace(/^\s*type\s+|^.*\sas\s/, "").trim()),
  );
  const declared = [...text.matchAll(/^export (?:async )?(?:function|const|class|interface|type) (?<name>\w+)/gm)];
  const others = [...text.matchAll(/^export (?:type )?\* from "(?<other>\.[^"]+)"/gm)];
  return [
    ...lists.filter((name) => name !== ""),
    ...declared.map(({ groups }) => groups?.["name"] ?? ""),
    ...others.flatMap(({ groups }) => exportsOf(path.join(path.dirname(file), groups?.["other"] ?? ""))),
  ];
}

function run(command: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd: root, timeout: 50_000 }, (error, stdout, stderr) => {
      resolve(error ? stdout + stderr || error.message : "");
    });
  });
}
