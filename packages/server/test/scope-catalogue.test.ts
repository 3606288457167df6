import { describe, expect, it } from "vitest";
import { createScopeCatalogue, type ScopeDescription } from "../src/scope-catalogue.ts";
import { basicScopes } from "../src/scopes/basic.ts";
import { krakenScopes } from "../src/scopes/kraken.ts";
import { twitchScopes } from "../src/scopes/twitch.ts";

const scope = (override: Partial<ScopeDescription> = {}): ScopeDescription => ({
  name: "photos:read",
  description: "see your photos",
  sensitive: false,
  group: "Photos",
  ...override,
});

describe("a catalogue", () => {
  it("finds what it lists, by the exact name", () => {
    const catalogue = createScopeCatalogue([scope()]);
    expect(catalogue.find("photos:read")).toEqual(scope());
    expect(catalogue.find("Photos:read")).toBeUndefined();
    expect(catalogue.find("toString")).toBeUndefined();
    expect(catalogue.find("__proto__")).toBeUndefined();
  });

  it.each([
    ["a name twice", [scope(), scope()]],
    ["an empty name", [scope({ name: "" })]],
    ["a name with a space", [scope({ name: "photos read" })]],
    ["a name with a quote", [scope({ name: 'photos"' })]],
    ["a name with a backslash", [scope({ name: "photos\\" })]],
    ["a name outside ASCII", [scope({ name: "fotos:öffnen" })]],
    ["openid, which needs ID tokens", [scope({ name: "openid" })]],
    ["offline_access, which grants nothing by itself", [scope({ name: "offline_access" })]],
    ["more than 500 scopes", Array.from({ length: 501 }, (_, index) => scope({ name: `scope${index}` }))],
  ])("refuses %s", (_, list) => {
    expect(() => createScopeCatalogue(list)).toThrow(TypeError);
  });
});

describe.each([
  ["Kraken's scopes", krakenScopes],
  ["Twitch's scopes", twitchScopes],
  ["the basic scopes", basicScopes],
])("%s", (_, list) => {
  it("each complete the sentence It may …, below a heading", () => {
    expect(list.filter(({ description, group }) => !/^[a-z].*[^.\s]$/.test(description) || group === "")).toEqual([]);
  });
});

describe("what a Twitch platform knows", () => {
  const catalogue = createScopeCatalogue([...krakenScopes, ...twitchScopes]);

  it.each([
    "user_read",
    "channel_read",
    "channel_editor",
    "chat_login",
    "channel_check_subscription",
    "viewing_activity_read",
  ])("%s of the Kraken era", (name) => {
    expect(catalogue.find(name)?.group).toBe("Kraken");
  });

  it.each(["user:read:email", "channel:read:stream_key", "chat:read", "moderator:manage:warnings", "whispers:read"])(
    "%s of today",
    (name) => {
      expect(catalogue.find(name)).toBeDefined();
    },
  );

  it.each(["openid", "user:edit:follows", "whispers:edit"])("but not %s", (name) => {
    expect(catalogue.find(name)).toBeUndefined();
  });

  it("whatever lets an application change something stands out", () => {
    const changes = catalogue.all.filter(
      ({ name }) => /(edit|manage|editor|moderate)/.test(name) && !name.includes("read"),
    );
    expect(changes.filter(({ sensitive }) => !sensitive)).toEqual([]);
  });
});
