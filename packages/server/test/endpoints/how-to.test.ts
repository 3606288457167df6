import { createUser } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { signedIn } from "../flow.ts";
import { demoUser, login, password, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { send, type Visitor, visitor } from "../visitor.ts";

const path = "/docs/authorization-code";
let platform: TestPlatform;
beforeEach(() => {
  platform = testPlatform();
});

describe("the how-to, for a stranger", () => {
  it("has placeholders, this server's addresses and a way to sign in", async () => {
    const page = await send(platform.server, path);
    expect(page.status).toBe(200);
    for (const said of ["CLIENT_ID", "http://localhost:8080/oauth2/authorize", "http://localhost:8080/oauth2/token"])
      expect(page.body).toContain(said);
    expect(page.body).toContain(`href="${path}?sign_in=1"`);
  });

  it("signs them in at its own address, and no other form is answered", async () => {
    await demoUser(platform);
    const person = visitor(platform.server);
    const page = await person.get(`${path}?sign_in=1`);
    const answer = await person.submit(`${path}?sign_in=1`, page, { login, password });
    expect(answer.header("location")).toBe(`${path}?sign_in=1`);
    expect((await person.get(`${path}?sign_in=1`)).body).toContain(`<bdi>${login}</bdi>`);
    expect((await person.post(path, { action: "register" })).status).toBe(400);
  });

  it("is never asked to sign in by a plain look, and 405 is said of anything else", async () => {
    expect((await send(platform.server, path)).body).not.toContain('name="password"');
    expect((await send(platform.server, path, { method: "PUT" })).status).toBe(405);
  });
});

describe("the how-to, for a developer", () => {
  let developer: Visitor;
  let ownerId: string;
  beforeEach(async () => {
    ownerId = (await demoUser(platform)).id;
    developer = await signedIn(platform);
  });

  it("holds their own client id and redirect URI, never a secret", async () => {
    const own = await registered(platform, { ownerId, name: "Own printer" });
    const { body } = await developer.get(path);
    expect(body).toContain("Own printer");
    expect(body).toContain(own.clientId);
    expect(body).toContain("https://client.example.com/cb");
    expect(body).not.toContain(own.clientSecret);
    expect(body).not.toContain("client_id=CLIENT_ID");
  });

  it("is filled in for the one they choose of several", async () => {
    const first = await registered(platform, { ownerId, name: "First printer" });
    const second = await registered(platform, { ownerId, name: "Second printer", type: "public" });
    const chosen = await developer.get(`${path}?client_id=${first.clientId}`);
    expect(chosen.body).toContain(`client_id=${first.clientId}&amp;`);
    expect(chosen.body).toContain(`href="${path}?client_id=${second.clientId}"`);
    const other = await developer.get(`${path}?client_id=${second.clientId}`);
    expect(other.body).toContain(`client_id=${second.clientId}&amp;`);
    expect(other.body).not.toContain("CLIENT_SECRET");
  });

  it("is never filled in with somebody else's", async () => {
    const { id } = await createUser(platform, { login: "bob", password });
    const foreign = await registered(platform, { ownerId: id });
    const { body } = await developer.get(`${path}?client_id=${foreign.clientId}`);
    expect(body).not.toContain(foreign.clientId);
    expect(body).toContain("Register an application to have them filled in");
  });

  it.each(["' ; rm -rf / ;", '"', "\\", "`id`", "$(id)", "${x}", "<?php", "?>"])(
    "keeps a redirect URI with %s a text in every language",
    async (hostile) => {
      const redirectUri = `https://client.example.com/cb?${encodeURI(hostile).replaceAll("%27", "'")}`;
      await registered(platform, { ownerId, redirectUris: [redirectUri] });
      const { body } = await developer.get(path);
      const shell = `redirect_uri='${redirectUri.replaceAll("'", "'\\''")}'`;
      expect(body).toContain(escape(shell));
      expect(body).toContain(escape(JSON.stringify(redirectUri)));
    },
  );
});

/** As our pages escape. */
function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
