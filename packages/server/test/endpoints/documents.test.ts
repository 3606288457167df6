import { describe, expect, it } from "vitest";
import { user } from "../actions/fixtures.ts";
import { signedIn } from "../flow.ts";
import { observedPlatform } from "../observed-platform.ts";
import { visitor } from "../visitor.ts";

describe("the page of scopes", () => {
  it("lists every scope that can be asked for, each once", async () => {
    const platform = observedPlatform();
    const { status, body } = await visitor(platform.server).get("/docs/scopes");
    expect(status).toBe(200);
    const named = [...body.matchAll(/<th scope="row"><code>([^<]*)<\/code>/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(platform.settings.scopes.all.map(({ name }) => name).toSorted());
  });
});

describe("the start page", () => {
  it("names the platform and the addresses to point an application at", async () => {
    const { status, body } = await visitor(observedPlatform().server).get("/");
    expect(status).toBe(200);
    expect(body).toContain("Kestrel");
    expect(body).toContain("http://localhost:8080/oauth2/authorize");
    expect(body).toContain("http://localhost:8080/oauth2/token");
  });

  it("knows who is signed in", async () => {
    const platform = observedPlatform();
    await user(platform);
    expect((await visitor(platform.server).get("/")).body).not.toContain("You are signed in");
    expect((await (await signedIn(platform)).get("/")).body).toContain("You are signed in");
  });
});

describe.each(["/", "/docs/scopes"])("%s", (address) => {
  it("is only looked at", async () => {
    const answer = await visitor(observedPlatform().server).post(address, {});
    expect([answer.status, answer.header("allow")]).toEqual([405, "GET, HEAD"]);
  });
});
