import { describe, expect, it } from "vitest";
import { apiHeadersOf, codegrantProvider, refreshHabitsOf, Secret, twitch } from "../src/index.ts";
import { client, clientId, provider } from "./fixtures.ts";

describe("what a provider does with refresh tokens", () => {
  it("differs at Twitch by whether the client has a secret", () => {
    expect(refreshHabitsOf(twitch, client)).toMatchObject({ onReuse: "answers", graceSeconds: Infinity });
    expect(refreshHabitsOf(twitch, { clientId })).toMatchObject({ onReuse: "ends_grant", graceSeconds: 0 });
  });

  it("is for a public client what it is for others, save what is said otherwise", () => {
    const ours = codegrantProvider("http://localhost:8080", "twitch");
    expect(refreshHabitsOf(ours, { clientId })).toMatchObject({ rotates: "always", graceSeconds: 86_400 });
  });

  it("is nothing where nobody knows", () => {
    expect(refreshHabitsOf(provider(), client)).toEqual({});
  });
});

describe("a Codegrant server in three dialects", () => {
  it("is three providers with one issuer, whose connections never mix", () => {
    const all = (["twitch", "kraken", "rfc6749"] as const).map((one) =>
      codegrantProvider("http://localhost:8080", one),
    );
    expect(new Set(all.map(({ name }) => name)).size).toBe(3);
    expect(new Set(all.map(({ issuer }) => issuer))).toEqual(new Set(["http://localhost:8080"]));
  });
});

describe("the headers of a request to the API", () => {
  it("carry the token and, at Twitch, the id of the client that got it", () => {
    expect(apiHeadersOf(twitch, clientId, new Secret("token"))).toEqual({
      "client-id": clientId,
      authorization: "Bearer token",
    });
  });

  it("have the scheme of the dialect: Kraken's was OAuth", () => {
    const kraken = codegrantProvider("http://localhost:8080", "kraken");
    expect(apiHeadersOf(kraken, clientId, "token")).toMatchObject({ authorization: "OAuth token" });
  });
});
