import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoUser, type RunningCodegrant, startCodegrant } from "../../../packages/client/test/codegrant-server.ts";
import { serve } from "../../../packages/client/test/loopback.ts";
import { createBrowser } from "../src/browser.ts";
import { readForms, readTitle } from "../src/html-forms.ts";
import { playUser } from "../src/robot.ts";
import { withoutSecrets } from "../src/step.ts";
import { startSample } from "./running-sample.ts";

let codegrant: RunningCodegrant;
beforeAll(async () => {
  codegrant = await startCodegrant();
});
afterAll(() => codegrant.close());

describe("the scripted user", () => {
  it("is sent straight back where they approved before", async () => {
    const { application, outcomes } = await startSample(codegrant);
    const browser = createBrowser();
    const part = { startUrl: application.url, ...demoUser, decision: "approve", browser } as const;
    await playUser(part);
    const submitted: string[] = [];
    const page = await playUser({ ...part, onStep: ({ what }) => submitted.push(what) });
    expect(page.text).toContain("You are connected");
    expect(submitted.some((what) => what.includes("approves"))).toBe(false);
    expect(outcomes).toHaveLength(2);
    await application.close();
  });

  it("may start behind the button", async () => {
    const sample = await startSample(codegrant);
    const { application } = sample;
    const page = await playUser({ startUrl: sample.at("/connect"), ...demoUser, decision: "approve" });
    expect(page.text).toContain("You are connected");
    await application.close();
  });

  it("says so when the password is wrong", async () => {
    const { application } = await startSample(codegrant);
    const part = { startUrl: application.url, ...demoUser, password: "wrong", decision: "approve" } as const;
    await expect(playUser(part)).rejects.toThrow("The platform did not accept the login or the password.");
    await application.close();
  });

  it("says which page has nothing to answer", async () => {
    const application = await serve((_request, response) => response.end("<title>Sorry &amp; so on</title>"));
    const part = { startUrl: application.url, ...demoUser, decision: "approve" } as const;
    await expect(playUser(part)).rejects.toThrow(
      'There is nothing to answer on the page "Sorry & so on" (status 200).',
    );
  });

  it("gives up on a page that never stops asking", async () => {
    const application = await serve((_request, response) => response.end("<form><button></button></form>"));
    const part = { startUrl: application.url, ...demoUser, decision: "approve" } as const;
    await expect(playUser(part)).rejects.toThrow(/After 8 forms/);
  });
});

describe("the browser", () => {
  it("gives up on redirects without end", async () => {
    const server = await serve((_request, response) => response.writeHead(302, { location: "/" }).end());
    await expect(createBrowser().open({ url: server.url, method: "GET" })).rejects.toThrow(/more than 10 times/);
  });

  it("opens nothing but http and https", async () => {
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: "file:///etc/hosts" }).end(),
    );
    await expect(createBrowser().open({ url: server.url, method: "GET" })).rejects.toThrow(
      "A browser cannot open file:",
    );
  });

  it("keeps cookies per host, by path, and forgets the ones taken back", async () => {
    const set: Readonly<Record<string, readonly string[]>> = {
      "/set": ["a=1", "b=2; Path=/deep", "c=3; Secure", "d=4; HttpOnly; SameSite=Lax"],
      "/unset": ["a=; Max-Age=0", "d=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    };
    const server = await serve((request, response) => {
      response.writeHead(200, { "set-cookie": [...(set[request.url] ?? [])] }).end();
    });
    const browser = createBrowser();
    for (const path of ["/set", "/look", "/deep/look", "/unset", "/look"]) {
      await browser.open({ url: server.url + path, method: "GET" });
    }
    await browser.open({ url: `${server.url.replace("127.0.0.1", "localhost")}/look`, method: "GET" });
    const cookies = server.received.map(({ headers }) => headers.cookie);
    expect(cookies).toEqual([undefined, "a=1; d=4", "a=1; b=2; d=4", "a=1; d=4", undefined, undefined]);
  });

  it.each([
    [303, "GET", ""],
    [302, "GET", ""],
    [307, "POST", "a=1"],
    [308, "POST", "a=1"],
  ])("after %i to a POST, sends %s with body %j", async (status, method, body) => {
    const server = await serve(({ url }, response) => {
      if (url === "/form") response.writeHead(status, { location: "/next" });
      response.end();
    });
    await createBrowser().open({ url: `${server.url}/form`, method: "POST", body: "a=1" });
    expect(server.received.at(-1)).toMatchObject({ url: "/next", method, body });
  });
});

describe("forms are read as a browser would send them", () => {
  const pageUrl = "http://localhost:8080/oauth2/authorize?state=a&scope=b";

  it("with the page's own address where there is no action", () => {
    expect(readForms("<form method=post></form>", pageUrl)).toMatchObject([{ action: pageUrl, method: "POST" }]);
  });

  it.each([
    [
      "hidden fields, entities decoded",
      `<input type="hidden" name="csrf" value="a&amp;b&quot;&#39;&#x3c;">`,
      [["csrf", `a&b"'<`]],
    ],
    [
      "ticked boxes only",
      `<input type=checkbox name=scope value=a checked><input type=checkbox name=scope value=b>`,
      [["scope", "a"]],
    ],
    ["a ticked box without a value", `<input type='checkbox' name='all' checked>`, [["all", "on"]]],
    ["no disabled field", `<input name="x" disabled>`, []],
    ["no field without a name", `<input value="x">`, []],
    ["nothing in a comment", `<!-- <input name="x"> -->`, []],
    ["a > inside quotes", `<input title="a > b" name="x" value="y">`, [["x", "y"]]],
  ])("%s", (_what, fields, expected) => {
    const [form] = readForms(`<form action="/x">${fields}</form>`, pageUrl);
    expect(form?.fields.map(({ name, value }) => [name, value])).toEqual(expected);
  });

  it("with the buttons that send them, and where each sends them", () => {
    const page = `<form action="/x"><button name="decision" value="decline">No</button>
      <button type="submit" name="decision" value="approve" formaction="/y">Yes</button>
      <button type="button">Nothing</button><input type="submit" value="Go"></form>`;
    expect(readForms(page, pageUrl)[0]?.buttons).toEqual([
      { name: "decision", value: "decline", action: undefined },
      { name: "decision", value: "approve", action: "http://localhost:8080/y" },
      { name: undefined, value: "Go", action: undefined },
    ]);
  });

  it("and a field outside of any form belongs to none", () => {
    const [form] = readForms(`<form action="/x"></form><input name="x">`, pageUrl);
    expect(form?.fields).toEqual([]);
  });

  it("and the title is read as text", () => {
    expect(readTitle("<title> Sign in &lt;here&gt; </title>")).toBe("Sign in <here>");
    expect(readTitle("no title")).toBe("");
  });
});

it("an address is told with its secrets as fingerprints", () => {
  expect(withoutSecrets("http://127.0.0.1:3000/callback?code=abc&scope=a+b&state=abc")).toBe(
    "http://127.0.0.1:3000/callback?code=~ba7816bf&scope=a+b&state=~ba7816bf",
  );
});
