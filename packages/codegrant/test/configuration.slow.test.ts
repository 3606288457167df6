import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { run, serve, temporaryFolder } from "./command.ts";

function configured(configuration: object): readonly string[] {
  const folder = temporaryFolder();
  const file = path.join(folder, "platform.json");
  writeFileSync(file, JSON.stringify(configuration));
  return ["--db", path.join(folder, "platform.db"), "--config", file];
}

const logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>';

describe("serve with a configuration", () => {
  it("speaks and looks as it says", async () => {
    const options = configured({
      name: "Photo club",
      dialect: "rfc6749",
      footer: "Run by volunteers",
      colours: { accent: "#7a2e8e" },
      logo: "logo.svg",
      signUp: { maximumUsers: 10 },
    });
    writeFileSync(path.join(path.dirname(options[1] ?? ""), "logo.svg"), logo);
    const server = await serve(options);
    expect(server.stdout()).toContain("serves rfc6749");
    const home = await (await fetch(`${server.url}/`)).text();
    expect(home).toContain("Photo club");
    expect(home).toContain("Run by volunteers");
    expect(home).toContain('class="mark logo"');
    const css = await (await fetch(`${server.url}${/\/assets\/[^"]+/.exec(home)?.[0]}`)).text();
    expect(css).toContain("--accent: #7a2e8e;");
    expect(css).toContain(Buffer.from(logo).toString("base64"));
    expect((await fetch(`${server.url}/sign-up`)).status).toBe(200);
    expect((await fetch(`${server.url}/oauth2/validate`)).status).toBe(404);
  });

  it("lets the command line go before it", async () => {
    const options = configured({ dialect: "rfc6749", issuer: "https://one.example" });
    const server = await serve([...options, "--dialect", "twitch", "--issuer", "https://two.example"]);
    expect(server.stdout()).toContain("serves twitch at https://two.example");
  });

  it.each([
    [{ issuer: "https://id.example/" }, [], "write it like this: https://id.example"],
    [{ colours: { accent: "#ffff00" } }, [], "take a darker colour"],
    [{ signUp: { maximumUsers: 5 } }, ["--host", "0.0.0.0", "--insecure-http"], "lets strangers sign up"],
  ])("refuses %j with a sentence, and leaves no database behind half made", async (configuration, more, sentence) => {
    const { code, stderr } = await run(["serve", "--port", "0", ...configured(configuration), ...more]);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain("at file:");
  });
});
