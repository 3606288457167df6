import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { approve, codeChallenge, codeOf, codeVerifier } from "../flow.ts";
import { login, password, registered } from "../platform.ts";
import { visitor } from "../visitor.ts";
import { expectBack, expectRefusal } from "./expectations.ts";
import {
  addressOn,
  codeOn,
  exchangeOn,
  onKraken,
  onRfc6749,
  onTwitch,
  postText,
  type Stage,
  stage,
  surfaces,
} from "./stage.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});

const none = { code_challenge: undefined, code_challenge_method: undefined };
const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");

describe("a request without a challenge", () => {
  it("PK-02: of a confidential application is refused in RFC 6749, with the way out named", async () => {
    const answer = await on.person.get(addressOn(onRfc6749, on.app, none));
    expectBack(answer, onRfc6749, "invalid_request", { state: "s-1" });
    expect(answer.location?.searchParams.get("error_description")).toContain("--pkce optional");
  });

  it("PK-02: of a confidential application registered so is taken in RFC 6749", async () => {
    const lax = await stage({ settings: { pkce: "optional" } });
    expect((await lax.person.get(addressOn(onRfc6749, lax.app, none))).status).toBe(200);
  });

  it.each([onTwitch, onKraken])(
    "PK-02: of a confidential application is taken in the dialect of $name",
    async (surface) => {
      expect((await on.person.get(addressOn(surface, on.app, none))).status).toBe(200);
    },
  );

  it.each(surfaces)("PK-02: of an application that registered for PKCE is refused, $name", async (surface) => {
    const strict = await stage({ settings: { pkce: "required" } });
    expectBack(await strict.person.get(addressOn(surface, strict.app, none)), surface, "invalid_request", {
      state: "s-1",
    });
  });

  it.each(surfaces)("PK-02: of a public application is refused, $name", async (surface) => {
    const open = await stage({ type: "public" });
    expectBack(await open.person.get(addressOn(surface, open.app, none)), surface, "invalid_request", { state: "s-1" });
  });
});

describe.each(surfaces)("a challenge, $name", (surface) => {
  it.each<[string, Readonly<Record<string, string | undefined>>]>([
    ["PK-03: without a method, which would mean plain", { code_challenge_method: undefined }],
    ["PK-03: with an empty method", { code_challenge_method: "" }],
    ["PK-05: with the method plain", { code_challenge_method: "plain" }],
    ["PK-05: with the method s256", { code_challenge_method: "s256" }],
    ["PK-05: with a blank after the method", { code_challenge_method: "S256 " }],
    ["PK-05: with the method S512", { code_challenge_method: "S512" }],
    ["PK-05: with the method sha256", { code_challenge_method: "sha256" }],
    ["PK-05: with the method S-256", { code_challenge_method: "S-256" }],
    ["PK-06: left out beside its method", { code_challenge: undefined }],
    ["PK-07: of 42 characters", { code_challenge: codeChallenge.slice(1) }],
    ["PK-07: of 44 characters", { code_challenge: `${codeChallenge}A` }],
    ["PK-07: of 129 characters", { code_challenge: codeChallenge.repeat(3) }],
    ["PK-07: with +", { code_challenge: `+${codeChallenge.slice(1)}` }],
    ["PK-07: with /", { code_challenge: `/${codeChallenge.slice(1)}` }],
    ["PK-07: with padding", { code_challenge: `${codeChallenge}=` }],
    ["PK-07: with a blank", { code_challenge: ` ${codeChallenge.slice(1)}` }],
    ["PK-07: with a letter outside ASCII", { code_challenge: `é${codeChallenge.slice(1)}` }],
  ])("%s is refused", async (_, changes) => {
    expectBack(await on.person.get(addressOn(surface, on.app, changes)), surface, "invalid_request", { state: "s-1" });
  });
});

describe.each(surfaces)("a verifier, $name", (surface) => {
  it("PK-11: that is the challenge itself is refused: plain is never tried", async () => {
    const answer = await exchangeOn(surface, on, await codeOn(surface, on), { code_verifier: codeChallenge });
    expectRefusal(answer, surface, 400, "invalid_grant", "Invalid authorization code");
  });

  it.each([
    ["1 character", "a"],
    ["42 characters", "a".repeat(42)],
    ["129 characters", "a".repeat(129)],
    ["a blank", `a b${"c".repeat(43)}`],
    ["a letter outside ASCII", `é${"c".repeat(43)}`],
  ])("PK-12: with %s is refused though its hash is the challenge", async (_, verifier) => {
    const code = await codeOn(surface, on, { code_challenge: challengeOf(verifier) });
    const answer = await exchangeOn(surface, on, code, { code_verifier: verifier });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain("access_token");
  });

  it("PK-12: of 43 to 128 visible characters is good, in the spelling that git-credential-oauth uses too", async () => {
    for (const verifier of ["a".repeat(43), "~".repeat(128), `${"+/".repeat(21)}A=`]) {
      const code = await codeOn(surface, on, { code_challenge: challengeOf(verifier), state: verifier });
      expect((await exchangeOn(surface, on, code, { code_verifier: verifier })).status).toBe(200);
    }
  });

  it("PK-15: left out by an application that proved itself otherwise is refused", async () => {
    const code = await codeOn(surface, on);
    for (const verifier of [undefined, ""]) {
      const answer = await exchangeOn(surface, on, code, { code_verifier: verifier });
      expectRefusal(answer, surface, 400, "invalid_grant", "Invalid grant");
    }
  });

  it("PK-17: with a line end, encoded twice, or with a NUL is refused", async () => {
    const code = await codeOn(surface, on);
    const fields = { grant_type: "authorization_code", client_id: on.app.clientId, client_secret: on.app.clientSecret };
    const rest = new URLSearchParams({ ...fields, code, redirect_uri: "https://client.example.com/cb" });
    const encodedTwice = encodeURIComponent(codeVerifier.replaceAll("-", "%2D"));
    for (const text of [
      `${codeVerifier}%0A`,
      `${codeVerifier}%0D%0A`,
      `${codeVerifier}%00`,
      encodedTwice,
      `%20${codeVerifier}`,
    ]) {
      const answer = await postText(on.platform, `${surface.prefix}/token`, `${rest}&code_verifier=${text}`);
      expect([answer.status, answer.header("content-type")]).toEqual([400, "application/json"]);
    }
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
  });

  it("PK-16: is still asked for after the detour over sign-in and consent", async () => {
    const stranger = visitor(on.platform.server);
    const address = addressOn(surface, on.app);
    await stranger.submit(address, await stranger.get(address), { login, password });
    const code = codeOf(await approve(stranger, address));
    expect((await exchangeOn(surface, on, code, { code_verifier: undefined })).status).toBe(400);
    expect((await exchangeOn(surface, on, code, { code_verifier: "x".repeat(43) })).status).toBe(400);
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
  });
});

describe("a verifier for a request that had no challenge", () => {
  it.each([onTwitch, onKraken, onRfc6749])(
    "PK-10: is refused, so that nobody gains by stripping the challenge, $name",
    async (surface) => {
      const lax = await stage({ settings: { pkce: "optional" } });
      const code = await codeOn(surface, lax, none);
      const answer = await exchangeOn(surface, lax, code);
      const text = "The request lacks a parameter, repeats one or is malformed";
      expectRefusal(answer, surface, 400, "invalid_request", text);
      expect((await exchangeOn(surface, lax, code, { code_verifier: undefined })).status).toBe(200);
    },
  );
});

describe("a public application", () => {
  it.each(surfaces)("PK-02: proves itself by the verifier alone, $name", async (surface) => {
    const app = await registered(on.platform, { type: "public", name: "Open" });
    const open = { ...on, app };
    const code = await codeOn(surface, open);
    expect((await exchangeOn(surface, open, code, { code_verifier: undefined })).status).toBe(400);
    expect((await exchangeOn(surface, open, code)).status).toBe(200);
  });
});
