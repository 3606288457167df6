import { request } from "node:http";
import { fingerprint } from "@codegrant/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demoUser, type RunningCodegrant, startCodegrant } from "../../../packages/client/test/codegrant-server.ts";
import { createBrowser, type Page } from "../src/browser.ts";
import { createExpiringMap } from "../src/expiring-map.ts";
import { playUser } from "../src/robot.ts";
import { type RunningSample, startSample } from "./running-sample.ts";

let codegrant: RunningCodegrant;
let sample: RunningSample;
beforeEach(async () => {
  codegrant = await startCodegrant();
  sample = await startSample(codegrant);
});
afterEach(async () => {
  await sample.application.close();
  await codegrant.close();
});

/** Lets the user answer, and keeps the callback's address. */
async function answer(
  decision: "approve" | "decline",
  browser = createBrowser(),
): Promise<{ page: Page; callback: string }> {
  let callback = "";
  const listening = {
    open: ((asked, onAnswer) =>
      browser.open(asked, (heard) => {
        if (heard.url.includes("/callback?")) callback = heard.url;
        onAnswer?.(heard);
      })) satisfies typeof browser.open,
  };
  const onStep = (step: RunningSample["steps"][number]): unknown => sample.steps.push(step);
  const page = await playUser({ startUrl: sample.application.url, ...demoUser, decision, browser: listening, onStep });
  return { page, callback };
}

describe("the user approves", () => {
  it("and sees the token response and a request made on their behalf", async () => {
    const { page } = await answer("approve");
    const [outcome] = sample.outcomes;
    if (outcome?.status !== "approved") throw new Error("not approved");
    expect(outcome.tokens).toMatchObject({ expires_in: 14_400, scope: ["user_read"], token_type: "bearer" });
    expect(JSON.parse(outcome.answer.body)).toMatchObject({ name: demoUser.login });
    expect(page.status).toBe(200);
    expect(page.text).toContain("You are connected");
    expect(page.text).toContain(fingerprint(outcome.tokens.access_token));
    expect(page.text).toContain("14400 (4 h)");
    expect(page.text).toContain("&#34;name&#34;: &#34;demo&#34;");
  });

  it("CC-19: and the address they land on holds no code", async () => {
    const { page } = await answer("approve");
    const { pathname, search } = new URL(page.url);
    expect(pathname + search).toBe("/connected");
  });

  it("and every message of the flow is told in order, with no secret in it", async () => {
    const { callback } = await answer("approve");
    expect(sample.steps.map(({ from, to, method, status }) => `${from} > ${to} ${method ?? status}`)).toEqual([
      "browser > application GET",
      "application > browser 303",
      "browser > platform POST",
      "platform > browser 303",
      "browser > platform POST",
      "platform > browser 303",
      "browser > application GET",
      "application > platform POST",
      "platform > application 200",
      "application > platform GET",
      "platform > application 200",
    ]);
    const [outcome] = sample.outcomes;
    if (outcome?.status !== "approved") throw new Error("not approved");
    const { code = "", state = "" } = Object.fromEntries(new URL(callback).searchParams);
    const { access_token, refresh_token = "" } = outcome.tokens;
    for (const secret of [code, state, access_token, refresh_token, sample.clientSecret, demoUser.password]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(JSON.stringify(sample.steps)).not.toContain(secret);
    }
    expect(JSON.stringify(sample.steps)).toContain(`code=${fingerprint(code)}`);
  });

  it("CC-10: and a reload of the callback, or twenty at once, show the same tokens", async () => {
    const browser = createBrowser();
    const { page, callback } = await answer("approve", browser);
    const reloads = Array.from({ length: 20 }, () => browser.open({ url: callback, method: "GET" }));
    for (const reloaded of await Promise.all(reloads)) expect(reloaded.text).toBe(page.text);
    expect(sample.steps.filter(({ url }) => url?.endsWith("/oauth2/token"))).toHaveLength(1);
  });

  it("CC-25: and another browser gets nothing from the callback's address", async () => {
    const { callback } = await answer("approve");
    const page = await createBrowser().open({ url: callback, method: "GET" });
    expect(page.status).toBe(400);
    expect(page.text).toContain("ERR_STATE_MISMATCH");
    expect(page.text).not.toContain("access_token");
    const connected = await createBrowser().open({ url: sample.at("/connected"), method: "GET" });
    expect(new URL(connected.url).pathname).toBe("/");
  });
});

describe("the user declines", () => {
  it("and reads that this is fine, and what the application was told", async () => {
    const { page } = await answer("decline");
    expect(page.text).toContain("You said no, and that is fine");
    expect(page.text).toContain("access_denied");
    expect(page.text).toContain("The user denied you access");
    expect(sample.outcomes).toMatchObject([{ status: "declined" }]);
  });

  it("and can approve afterwards", async () => {
    const browser = createBrowser();
    await answer("decline", browser);
    // Signed in already, so that the robot meets the consent page alone.
    const { page } = await answer("approve", browser);
    expect(page.text).toContain("You are connected");
  });
});

it("two tabs of one browser do not disturb each other", async () => {
  const browser = createBrowser();
  await browser.open({ url: sample.at("/connect"), method: "GET" });
  const { page } = await answer("approve", browser);
  expect(page.text).toContain("You are connected");
});

it("a platform that is gone at the exchange is said kindly, and a reload tries again", async () => {
  const response = await fetch(sample.at("/connect"), { redirect: "manual" });
  const state = new URL(response.headers.get("location") ?? "").searchParams.get("state") ?? "";
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  await codegrant.close();
  for (const _visit of ["first", "reload"]) {
    const page = await fetch(sample.at(`/callback?code=abc&state=${state}`), { headers: { cookie } });
    expect(page.status).toBe(502);
    expect(await page.text()).toContain("then try again");
  }
  expect(sample.steps.filter(({ url }) => url?.endsWith("/oauth2/token"))).toHaveLength(2);
});

describe("the pages", () => {
  it.each(["/", "/callback?code=x&state=y", "/connected", "/nowhere"])(
    "%s hold no script and nothing from elsewhere",
    async (path) => {
      const response = await fetch(sample.at(path), { redirect: "manual" });
      const text = await response.text();
      expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'self'/);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(response.headers.get("referrer-policy")).toBe("no-referrer");
      expect(text).not.toMatch(/<script|<style|style=|javascript:|https?:\/\/(?!127\.0\.0\.1|localhost)/i);
    },
  );

  it("CC-18: show what strangers write as text", async () => {
    const strange = await startSample(codegrant, `<img src=x onerror=alert(1)>&"'`);
    try {
      for (const path of ["/", "/callback?error=%3Cb%3E&error_description=%3Cb%3E&state=x"]) {
        const text = await (await fetch(strange.at(path))).text();
        expect(text).not.toMatch(/<img|<b>/);
        expect(text).toContain("&#60;img src=x onerror=alert(1)&#62;&#38;&#34;&#39;");
      }
    } finally {
      await strange.application.close();
    }
  });

  it.each(["HEAD", "POST", "PUT", "DELETE"])("CC-09: %s is answered with 405 and spends nothing", async (method) => {
    expect((await fetch(sample.at("/callback?code=x&state=y"), { method })).status).toBe(405);
    expect(sample.steps).toEqual([]);
  });

  it.each(["evil.example", "localhost.evil.example", "127.0.0.1"])("CC-12: the host %s is refused", async (host) => {
    const { hostname, port } = new URL(sample.application.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ hostname, port, path: "/", headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on("error", reject).end();
    });
    expect(status).toBe(421);
  });

  it("CC-11, CC-27: the redirect URI names the address that is bound, and no other is", async () => {
    const { port } = new URL(sample.application.url);
    expect(sample.application.redirectUri).toBe(`http://127.0.0.1:${port}/callback`);
    await expect(fetch(`http://[::1]:${port}/`)).rejects.toThrow("fetch failed");
  });

  it("no two browsers are taken for one", async () => {
    const cookies = await Promise.all(
      [0, 1].map(async () => (await fetch(sample.at("/connect"), { redirect: "manual" })).headers.get("set-cookie")),
    );
    expect(cookies[0]).toMatch(/^sample_browser=[0-9a-f]{64}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/);
    expect(cookies[0]).not.toBe(cookies[1]);
  });
});

describe("what is kept in memory", () => {
  it("is bounded in number, the oldest makes room", () => {
    const map = createExpiringMap<number>({ maximumCount: 2, lifetimeSeconds: 600 });
    for (const [index, key] of ["a", "b", "c"].entries()) map.keep(key, index, 0);
    expect(["a", "b", "c"].map((key) => map.find(key, 0))).toEqual([undefined, 1, 2]);
  });

  it("is bounded in time", () => {
    const map = createExpiringMap<number>({ maximumCount: 2, lifetimeSeconds: 600 });
    map.keep("a", 1, 0);
    expect([map.find("a", 599), map.find("a", 600)]).toEqual([1, undefined]);
  });
});
