import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfigurationFile } from "../src/config-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "codegrant-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

const full = {
  name: "Photos",
  passwordHelp: "Ask Ann.",
  footer: "Run by volunteers",
  scopes: [{ name: "photos:read", description: "see your photos", sensitive: false, optional: false, group: "Photos" }],
  lifetimes: { code: 30, accessToken: 600 },
  refreshWindows: { retry: 0 },
};

describe("a configuration file", () => {
  it.each([
    ["config.json", JSON.stringify(full)],
    ["config.js", `export default ${JSON.stringify(full)};`],
    ["config.mjs", `export default ${JSON.stringify(full)};`],
  ])("may be %s", async (name, text) => {
    if (name.endsWith(".js")) write("package.json", '{"type":"module"}');
    expect(await readConfigurationFile(write(name, text))).toEqual(full);
  });

  it("may be empty, and gives a scope its defaults", async () => {
    expect(await readConfigurationFile(write("config.json", "{}"))).toEqual({});
    const { scopes } = await readConfigurationFile(
      write("more.json", '{"scopes":[{"name":"read","description":"read"}]}'),
    );
    expect(scopes).toEqual([{ name: "read", description: "read", sensitive: false, optional: false, group: "Scopes" }]);
  });

  it.each([
    ['{"nme":"Photos"}', "nme: there is no such setting"],
    ['{"lifetimes":{"codes":60}}', "lifetimes.codes: there is no such setting in lifetimes"],
    ['{"lifetimes":{"code":"60"}}', "lifetimes.code: expected number"],
    ['{"lifetimes":{"code":3600}}', "lifetimes.code: Too big: expected number to be <=600"],
    ['{"lifetimes":{"accessToken":1.5}}', "lifetimes.accessToken: expected int"],
    ['{"scopes":[{"name":"a b","description":"x"}]}', "scopes.0.name: expected printable ASCII"],
    ['{"scopes":[{"name":"read"}]}', "scopes.0.description: expected string"],
    ['{"name":""}', "name: Too small"],
    ['{"colours":{"accent":"red"}}', "colours.accent: expected a colour such as #0b6a56"],
    ['{"colours":{"accnt":"#000000"}}', "colours.accnt: there is no such setting in colours"],
    ['{"logo":"logo.gif"}', "logo: expected the path of a .svg or .png file"],
    ['{"logo":"none.svg"}', "logo: none.svg cannot be read (ENOENT)"],
    ['{"dialect":"oauth1"}', 'dialect: Invalid option: expected one of "twitch"|"rfc6749"'],
    ['{"signUp":true}', "signUp: expected object"],
    ['{"limits":{"wrongPasswords":0}}', "limits.wrongPasswords: Too small"],
    ["[]", "the whole: expected object"],
    ["{", "is not JSON"],
  ])("that says %s is refused with the place and what was expected", async (text, sentence) => {
    await expect(readConfigurationFile(write("config.json", text))).rejects.toThrow(sentence);
  });

  it.each([
    ["config.yaml", "", "is a .json, .js or .mjs file"],
    ["config.mjs", "export const x = 1;", "must export its configuration as default"],
    ["config.mjs", "throw new Error('from inside');", "cannot be loaded: from inside"],
  ])("%s (%s) is refused", async (name, text, sentence) => {
    await expect(readConfigurationFile(write(name, text))).rejects.toThrow(sentence);
  });

  it("that is not there is named", async () => {
    const missing = path.join(folder, "none.json");
    await expect(readConfigurationFile(missing)).rejects.toThrow(`${missing} cannot be read (ENOENT)`);
  });
});
