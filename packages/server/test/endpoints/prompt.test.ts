import { beforeEach, describe, expect, it } from "vitest";
import { approve, authorizeUrl, pkce, signedIn } from "../flow.ts";
import {
  demoUser,
  login,
  password,
  type Registered,
  registered,
  type TestPlatform,
  testPlatform,
} from "../platform.ts";
import { send, type Visitor, visitor } from "../visitor.ts";

let platform: TestPlatform;
let app: Registered;
let person: Visitor;

beforeEach(async () => {
  platform = testPlatform();
  app = await registered(platform);
  await demoUser(platform);
  person = await signedIn(platform);
});

const at = (prompt?: string): string => authorizeUrl(app, { ...pkce, prompt }, "/oauth/authorize");

describe("prompt=none", () => {
  it.each([
    ["a stranger is told login_required", () => visitor(platform.server), "login_required"],
    ["a user who never approved is told consent_required", () => person, "consent_required"],
  ])("shows no page: %s", async (_, who, error) => {
    const answer = await who().get(at("none"));
    expect(answer.status).toBe(303);
    expect(answer.location?.searchParams.get("error")).toBe(error);
    expect(answer.location?.searchParams.get("iss")).toBe("http://localhost:8080");
  });

  it("gives a code where everything was approved before", async () => {
    await approve(person, at());
    expect((await person.get(at("none"))).location?.searchParams.get("code")).toMatch(/^cgc_/);
  });
});

describe("prompt=consent", () => {
  it("asks although everything was approved before", async () => {
    await approve(person, at());
    expect((await person.get(at("consent"))).status).toBe(200);
  });
});

describe("every prompt that the metadata names", () => {
  it("is taken, and no other", async () => {
    await approve(person, at());
    const document = (await send(platform.server, "/.well-known/oauth-authorization-server")).json();
    const named = document["prompt_values_supported"] as string[];
    expect(named).toEqual(["none", "login", "consent", "select_account"]);
    for (const prompt of [...named, "create"]) {
      const error = (await person.get(at(prompt))).location?.searchParams.get("error");
      expect([prompt, error ?? "taken"]).toEqual([prompt, named.includes(prompt) ? "taken" : "invalid_request"]);
    }
  });
});

describe.each(["login", "select_account"])("prompt=%s", (prompt) => {
  it("asks for a sign-in once, and goes on after it: the request lives in its URL and must not ask for ever", async () => {
    await approve(person, at());
    const url = at(prompt);
    const page = await person.get(url);
    expect(page.body).toContain('name="password"');
    expect((await person.submit(url, page, { login, password })).header("location")).toBe(url);
    const back = await person.get(url);
    expect(back.location?.searchParams.get("code")).toMatch(/^cgc_/);
    expect((await person.get(url)).body).toContain('name="password"');
  });

  it("is still satisfied after the consent page was only looked at, and used up by the answer", async () => {
    const url = at(prompt);
    await person.submit(url, await person.get(url), { login, password });
    expect((await person.get(url)).body).toContain('value="approve"');
    const again = await person.get(url);
    expect((await person.submit(url, again, { decision: "decline" })).location?.searchParams.get("error")).toBe(
      "access_denied",
    );
    expect((await person.get(url)).body).toContain('name="password"');
  });

  it("is satisfied for this request alone, for ten minutes", async () => {
    const url = at(prompt);
    await person.submit(url, await person.get(url), { login, password });
    expect((await person.get(`${url}&other=1`)).body).toContain('name="password"');
    platform.step(600);
    expect((await person.get(url)).body).toContain('name="password"');
  });

  it("takes no decision from a page that was open before", async () => {
    const url = at("login consent");
    await person.submit(url, await person.get(url), { login, password });
    const consent = await person.get(url);
    platform.step(601);
    expect((await person.submit(url, consent, { decision: "approve" })).location).toBeUndefined();
  });
});

describe("scopes that the application marked as optional", () => {
  it("are granted as ticked; the others are not the person's to drop", async () => {
    const chooser = await registered(platform, { name: "Chooser", settings: { optionalScopes: ["chat:read"] } });
    const url = authorizeUrl(chooser, { scope: "user:read:email chat:read" });
    const without = await person.submit(url, await person.get(url), { decision: "approve" });
    expect(without.location?.searchParams.get("scope")).toBe("user:read:email");
    const withIt = await person.submit(url, await person.get(url), { decision: "approve", scope: "chat:read" });
    expect(withIt.location?.searchParams.get("scope")).toBe("user:read:email chat:read");
  });
});

describe("a trusted application", () => {
  it("is never asked about, and its consent stands on the Connections page all the same", async () => {
    const own = await registered(platform, { name: "Our own studio", settings: { trusted: true } });
    const answer = await person.get(authorizeUrl(own));
    expect(answer.location?.searchParams.get("code")).toMatch(/^cgc_/);
    expect((await person.get("/settings/connections")).body).toContain("Our own studio");
    expect((await person.get(authorizeUrl(own, { force_verify: "true" }))).status).toBe(200);
  });
});
