import { readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBrowser } from "../browser.ts";
import { type Listening, listen } from "./running.ts";
import { register, type Stage, startStage } from "./stage.ts";

let stage: Stage;
let browser: Browser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([startStage(), findBrowser().then((options) => chromium.launch(options))]);
});
afterAll(async () => {
  await browser.close();
  await stage.close();
});

/** A page with the library as it is published, mapped by name; the application is the page alone. */
async function servePage(settings: () => object): Promise<Listening> {
  const files: Readonly<Record<string, string>> = {
    "/oauth4webapi.js": readFileSync(new URL(import.meta.resolve("oauth4webapi")), "utf8"),
    "/spa.js": readFileSync(new URL("spa.js", import.meta.url), "utf8"),
  };
  const page = (): string => `<!doctype html><title>Page</title><output></output>
<script type="application/json" id="settings">${JSON.stringify(settings())}</script>
<script type="importmap">{"imports":{"oauth4webapi":"/oauth4webapi.js"}}</script>
<script type="module" src="/spa.js"></script>`;
  return listen((request, response) => {
    const file = files[request.url ?? ""];
    response.setHeader("Content-Type", file === undefined ? "text/html" : "text/javascript");
    response.end(file ?? page());
  });
}

async function toldBy(page: Page): Promise<Readonly<Record<string, unknown>>> {
  const output = page.locator("output:not(:empty)");
  return JSON.parse(await output.innerText()) as Readonly<Record<string, unknown>>;
}

describe("oauth4webapi in a browser's page, on another origin", () => {
  it("gets, refreshes and revokes with nothing but what the browser lets through (CORS)", async () => {
    let clientId = "";
    const site = await servePage(() => ({ issuer: stage.url, clientId }));
    ({ clientId } = await register(stage, `${site.url}/callback`, { type: "public" }));
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    try {
      await page.goto(site.url);
      await page.getByLabel("Login").fill(stage.person.login);
      await page.getByLabel("Password").fill(stage.person.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("button", { name: "Approve" }).click();
      const told = await toldBy(page);
      expect(told).toMatchObject({ scope: "user:read:email", dead: "invalid_grant" });
      expect(await stage.introspect(String(told["accessToken"]))).toEqual({ active: false });
    } finally {
      await page.close();
      await site.close();
    }
  });
});
