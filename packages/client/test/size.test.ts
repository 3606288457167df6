import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

/** The bundler that vitest brings along: nothing is installed for this test. */
interface Bundler {
  rolldown(options: object): Promise<{
    generate(options: object): Promise<{ readonly output: readonly { readonly code: string }[] }>;
    close(): Promise<void>;
  }>;
}

const source = (file: string): string => new URL(`../src/${file}`, import.meta.url).pathname;

/** Minified and compressed, without `@codegrant/protocol`, which is a package of its own. */
async function gzipBytes(code: string): Promise<number> {
  return gzipSync(await bundled(code)).length;
}

async function bundled(code: string): Promise<string> {
  const fromVitest = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
  const bundler = (await import(pathToFileURL(fromVitest.resolve("rolldown")).href)) as Bundler;
  const entry = { name: "entry", resolveId: (id: string) => (id === "entry" ? id : null), load: loadEntry };
  function loadEntry(id: string): string | null {
    return id === "entry" ? code : null;
  }
  const bundle = await bundler.rolldown({ input: "entry", external: ["@codegrant/protocol"], plugins: [entry] });
  const { output } = await bundle.generate({ format: "es", minify: true });
  await bundle.close();
  expect(output).toHaveLength(1);
  expect(output[0]?.code).not.toContain("node:");
  return output[0]?.code ?? "";
}

it.each([
  // The bound that ARCHITECTURE.md tells.
  ["the core", `export * from "${source("core/index.ts")}"`, 12],
  ["connect with a provider", `export { connect } from "${source("connect/index.ts")}"`, 24.5],
  ["connect with all presets", `export { connect } from "${source("index.ts")}"`, 32.5],
])("%s weighs less than it may, and needs nothing of Node", async (_what, code, kilobytes) => {
  const bytes = await gzipBytes(code);
  expect(bytes).toBeLessThan(kilobytes * 1_000);
  expect(bytes).toBeGreaterThan(2_048);
});

it("a preset that is not named adds nothing", async () => {
  const index = source("index.ts");
  const one = await gzipBytes(`export { twitch, defineProvider, discoverProvider, exchangeCode } from "${index}"`);
  const all = await gzipBytes(
    `export { twitch, defineProvider, discoverProvider, exchangeCode, providers } from "${index}"`,
  );
  expect(all - one).toBeGreaterThan(2_048);
  const code = await bundled(`export { twitch } from "${index}"`);
  expect(code).toContain("id.twitch.tv");
  expect(code).not.toMatch(/spotify|shopify|facebook|gitlab|atlassian/);
});
