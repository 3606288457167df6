import { describe, expect, it } from "vitest";
import {
  changeApplication,
  createApplication,
  deleteApplication,
  disableApplication,
  enableApplication,
  listOwnApplications,
  rotateSecret,
} from "../../src/actions/index.ts";
import type { ApplicationSettings } from "../../src/records.ts";
import { hashSecret, verifyClientSecret } from "../../src/secrets.ts";
import { observedPlatform } from "../observed-platform.ts";
import { applicationInput, refusal, refusedFields, registeredApplication, user } from "./fixtures.ts";

describe("a registered application", () => {
  it("has an id and a secret of letters and digits, and only the secret's hash is kept", async () => {
    const platform = observedPlatform();
    const { application, clientSecret } = await createApplication(platform, applicationInput());
    expect(application.clientId).toMatch(/^[a-z][a-z0-9]{29}$/);
    expect(clientSecret).toMatch(/^[A-Za-z0-9]{43}$/);
    expect(application.secrets.map(({ hash }) => Buffer.from(hash))).toEqual([
      Buffer.from(hashSecret(clientSecret ?? "")),
    ]);
    expect(await platform.store.findApplication(application.clientId)).toEqual(application);
  });

  it("has no secret when it is public", async () => {
    const created = await createApplication(observedPlatform(), applicationInput({ type: "public" }));
    expect(created).not.toHaveProperty("clientSecret");
    expect(created.application.secrets).toEqual([]);
  });

  it("keeps its redirect URIs byte for byte", async () => {
    const redirectUris = ["http://localhost/", "https://Printer.example:443/a%2Fb/c?x=1", "com.example.app:/cb"];
    const { application } = await createApplication(observedPlatform(), applicationInput({ redirectUris }));
    expect(application.redirectUris).toEqual(redirectUris);
  });

  it("LC-41: takes nothing that the form does not list", async () => {
    const platform = observedPlatform();
    const typed = {
      ...applicationInput(),
      clientId: "mine",
      id: 77,
      secrets: [{ hash: hashSecret("mine"), createdAt: 0 }],
      disabled: true,
      epoch: 9,
      tokenEpoch: 9,
      trusted: true,
      is_admin: true,
    };
    const { application } = await createApplication(platform, typed);
    expect(Object.keys(application).toSorted()).toEqual([
      "clientId",
      "createdAt",
      "disabled",
      "epoch",
      "id",
      "name",
      "redirectUris",
      "secrets",
      "settings",
      "tokenEpoch",
      "type",
    ]);
    expect(application).toMatchObject({ id: 1, disabled: false, epoch: 0, settings: {} });
    expect(application.clientId).not.toBe("mine");
    expect(verifyClientSecret(application, "mine", platform.now())).toBe(false);
  });

  it("LC-46: has an id of the server's making that no user can have", async () => {
    const platform = observedPlatform();
    const ada = await user(platform);
    const { application } = await registeredApplication(platform);
    expect(await platform.store.findUser(application.clientId)).toBeUndefined();
    expect(await platform.store.findApplication(ada.id)).toBeUndefined();
  });

  it("is written to the log and the events without its secret", async () => {
    const platform = observedPlatform();
    const { application, clientSecret } = await registeredApplication(platform, { ownerId: "7" });
    expect(platform.events).toEqual([
      { at: platform.now(), event: "application.created", applicationId: application.id, userId: "7" },
    ]);
    expect(platform.logged).toMatchObject([
      { level: "info", event: "application.created", clientId: application.clientId },
    ]);
    expect(JSON.stringify([platform.logged, platform.events])).not.toContain(clientSecret);
  });

  it("is registered, and its secret shown, even if the event cannot be kept", async () => {
    const platform = observedPlatform();
    const store = { ...platform.store, recordEvent: () => Promise.reject(new Error("The disk is full.")) };
    const { clientSecret } = await createApplication({ ...platform, store }, applicationInput());
    expect(clientSecret).toBeDefined();
    expect(platform.logged).toMatchObject([{ level: "info" }, { level: "error", event: "event.notKept" }]);
  });
});

describe("the name", () => {
  it.each([
    ["of two characters", "ab"],
    ["of two characters and spaces", "  ab  "],
    ["of 101 characters", "a".repeat(101)],
    ["LC-22: of 10,000 characters", "a".repeat(10_000)],
    ["LC-22: with a right-to-left override", "Photo \u202eretnirp"],
    ["LC-22: with an isolate", "Photo \u2066printer"],
    ["LC-22: with a zero-width space", "Photo\u200bprinter"],
    ["LC-22: with a zero-width joiner", "Photo\u200dprinter"],
    ["LC-22: with a byte order mark", "\ufeffPhoto\ufeffprinter"],
    ["LC-22: with a soft hyphen", "Photo\u00adprinter"],
    ["LC-22: with a line break", "Photo\nprinter"],
    ["LC-22: with a line separator", "Photo\u2028printer"],
    ["LC-22: with a tab", "Photo\tprinter"],
    ["LC-22: with a NUL", "Photo\0printer"],
    ["LC-22: with a control character of the second set", "Photo\u0085printer"],
    ["LC-22: with a tag character", "Photo\u{e0041}printer"],
    ["LC-22: with half a character", "Photo \ud83d printer"],
    ["LC-22: of letters that look like nothing", "\u3164\u3164\u3164"],
    ["LC-22: with a grapheme joiner", "Photo\u034fprinter"],
    ["LC-22: with marks piled up", `Photo p${"\u0301".repeat(5)}rinter`],
    ["LC-22: of punctuation alone", "-----"],
    ["LC-23: of the platform", "Kestrel"],
    ["LC-23: of the platform in other capitals", "kESTREL"],
    ["LC-23: of the platform in full width", "\uff2bestrel"],
    ["LC-23: of the platform with spaces and punctuation", "K e s.t-r_e l!"],
  ])("is refused %s", async (_, name) => {
    expect(await refusedFields(createApplication(observedPlatform(), applicationInput({ name })))).toEqual(["name"]);
  });

  it.each([
    ["of three characters", "abc", "abc"],
    ["of 100 characters outside the first plane", "\u{1d4d0}".repeat(100), "\u{1d4d0}".repeat(100)],
    ["with spaces around it, without them", "  Photo printer ", "Photo printer"],
    ["in Arabic", "طابعة الصور", "طابعة الصور"],
    ["in Japanese", "写真プリンター", "写真プリンター"],
    ["with an emoji", "Printer ❤️", "Printer ❤️"],
    ["that only begins like the platform", "Kestrel watcher", "Kestrel watcher"],
  ])("is taken %s", async (_, name, kept) => {
    const { application } = await createApplication(observedPlatform(), applicationInput({ name }));
    expect(application.name).toBe(kept);
  });
});

describe("a redirect URI", () => {
  const schemes = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
  ];
  const more = ["blob:https://a.example/x", "about:blank", "view-source:https://a.example/"];
  const dangerous = [...schemes, ...more].flatMap((uri) => [uri, ` ${uri}`, `\t${uri}`, `%09${uri}`]);

  it.each(dangerous)("RU-25: is refused as %j", async (uri) => {
    const refused = createApplication(observedPlatform(), applicationInput({ redirectUris: [uri] }));
    expect(await refusedFields(refused)).toEqual(["redirectUris"]);
  });

  it.each([
    "https://a.example/cb#x",
    "https://a.example/cb#",
    "/cb",
    "//a.example/cb",
    "https:///cb",
    "https://*/cb",
    "https://*.example.com/cb",
    "https://a.example/c b",
    "https://a.example/cb ",
    "https://a.example/cb\n",
    "https://user@a.example/cb",
    "https://user:word@a.example/cb",
    "https://a.example\\@evil.example/cb",
    "https://a.example:0/cb",
    "https://b\u00fccher.example/cb",
    "http://a.example/cb",
    "",
  ])("RU-27: is refused as %j", async (uri) => {
    const refused = createApplication(observedPlatform(), applicationInput({ redirectUris: [uri] }));
    expect(await refusedFields(refused)).toEqual(["redirectUris"]);
  });

  it("is refused beyond 2,000 characters", async () => {
    const uri = `https://a.example/${"x".repeat(2_000)}`;
    const refused = createApplication(observedPlatform(), applicationInput({ redirectUris: [uri] }));
    expect(await refusedFields(refused)).toEqual(["redirectUris"]);
  });

  it.each(["https://a.example/cb?code=x", "https://a.example/cb?a=1&state=x", "https://a.example/cb?iss=x"])(
    "RU-12: is refused with a name of ours in its query: %s",
    async (uri) => {
      const refused = createApplication(observedPlatform(), applicationInput({ redirectUris: [uri] }));
      expect(await refusedFields(refused)).toEqual(["redirectUris"]);
    },
  );

  it("RU-28: is refused with a scheme of one's own that has no dot", async () => {
    const refused = createApplication(observedPlatform(), applicationInput({ redirectUris: ["myapp:/cb"] }));
    expect(await refusedFields(refused)).toEqual(["redirectUris"]);
  });

  it.each([
    ["none", []],
    ["eleven", Array.from({ length: 11 }, (_, index) => `https://a.example/${index}`)],
    ["the same twice", ["https://a.example/cb", "https://a.example/cb"]],
    ["one bad among good ones", ["https://a.example/cb", "javascript:alert(1)"]],
  ])("list is refused with %s", async (_, redirectUris) => {
    const refused = createApplication(observedPlatform(), applicationInput({ redirectUris }));
    expect(await refusedFields(refused)).toEqual(["redirectUris"]);
  });

  it("list is taken with ten", async () => {
    const redirectUris = Array.from({ length: 10 }, (_, index) => `https://a.example/${index}`);
    const { application } = await createApplication(observedPlatform(), applicationInput({ redirectUris }));
    expect(application.redirectUris).toEqual(redirectUris);
  });

  it("list may be empty for a resource server, which sends nobody anywhere", async () => {
    const settings = { resourceServer: true };
    const created = createApplication(observedPlatform(), applicationInput({ redirectUris: [], settings }));
    expect((await created).application.redirectUris).toEqual([]);
  });
});

describe("the settings", () => {
  const loopback = ["http://127.0.0.1:8080/cb"];
  const none: readonly string[] = applicationInput().redirectUris;

  it.each<[string, ApplicationSettings, "confidential" | "public", readonly string[], string | undefined]>([
    ["PKCE optional for a public application", { pkce: "optional" }, "public", none, "pkce"],
    ["PKCE optional for a confidential one", { pkce: "optional" }, "confidential", none, undefined],
    ["PKCE required for a public one", { pkce: "required" }, "public", none, undefined],
    ["rotation off for a public one", { refreshRotation: "off" }, "public", none, "refreshRotation"],
    ["rotation off for a confidential one", { refreshRotation: "off" }, "confidential", none, undefined],
    ["refusing reuse for a public one", { onReuse: "refuse" }, "public", none, "onReuse"],
    ["refusing reuse for a confidential one", { onReuse: "refuse" }, "confidential", none, undefined],
    ["trusted and public", { trusted: true }, "public", none, "trusted"],
    ["trusted on loopback", { trusted: true }, "confidential", loopback, "trusted"],
    ["trusted on loopback over https", { trusted: true }, "confidential", ["https://127.0.0.1:8443/cb"], "trusted"],
    ["trusted on https://localhost", { trusted: true }, "confidential", ["https://localhost/cb"], "trusted"],
    ["trusted with a scheme of its own", { trusted: true }, "confidential", ["com.example.app:/cb"], "trusted"],
    ["trusted with loopback beside https", { trusted: true }, "confidential", [...none, ...loopback], "trusted"],
    ["trusted on https", { trusted: true }, "confidential", none, undefined],
    ["not trusted on loopback", { trusted: false }, "confidential", loopback, undefined],
    ["a public resource server", { resourceServer: true }, "public", none, "resourceServer"],
    ["resources of no resource server", { resources: ["https://api.example/"] }, "confidential", none, "resources"],
    [
      "a resource with a fragment",
      { resourceServer: true, resources: ["https://a.example/#x"] },
      "confidential",
      none,
      "resources",
    ],
    ["a relative resource", { resourceServer: true, resources: ["/api"] }, "confidential", none, "resources"],
    ["a resource", { resourceServer: true, resources: ["https://api.example/"] }, "confidential", none, undefined],
    ["origins of a confidential one", { origins: ["https://a.example"] }, "confidential", none, "origins"],
    ["an origin with a path", { origins: ["https://a.example/"] }, "public", none, "origins"],
    ["an origin in capitals", { origins: ["https://A.example"] }, "public", none, "origins"],
    ["an origin of null", { origins: ["null"] }, "public", none, "origins"],
    ["an origin of everyone", { origins: ["*"] }, "public", none, "origins"],
    ["an http origin", { origins: ["http://a.example"] }, "public", none, "origins"],
    [
      "origins",
      { origins: ["https://a.example", "http://localhost:5173", "http://[::1]:80"] },
      "public",
      none,
      "origins",
    ],
    [
      "origins on loopback",
      { origins: ["https://a.example", "http://localhost:5173", "http://[::1]:81"] },
      "public",
      none,
      undefined,
    ],
    [
      "LC-45: a scope that does not exist",
      { allowedScopes: ["user_read", "admin"] },
      "confidential",
      none,
      "allowedScopes",
    ],
    ["allowed scopes", { allowedScopes: ["user_read"] }, "confidential", none, undefined],
    ["an optional scope that does not exist", { optionalScopes: ["admin"] }, "confidential", none, "optionalScopes"],
    [
      "an optional scope that is not allowed",
      { allowedScopes: ["user_read"], optionalScopes: ["chat_login"] },
      "confidential",
      none,
      "optionalScopes",
    ],
    ["an optional scope", { optionalScopes: ["chat_login"] }, "confidential", none, undefined],
    ["a category with a line break", { category: "Chat\nBot" }, "confidential", none, "category"],
    ["a category", { category: "Chat Bot" }, "confidential", none, undefined],
    [
      "an access token of 59 seconds",
      { accessTokenLifetimeSeconds: 59 },
      "confidential",
      none,
      "accessTokenLifetimeSeconds",
    ],
    [
      "an access token of half a second more",
      { accessTokenLifetimeSeconds: 60.5 },
      "confidential",
      none,
      "accessTokenLifetimeSeconds",
    ],
    [
      "an access token for ever",
      { accessTokenLifetimeSeconds: Infinity },
      "confidential",
      none,
      "accessTokenLifetimeSeconds",
    ],
    ["an access token of a minute", { accessTokenLifetimeSeconds: 60 }, "confidential", none, undefined],
    [
      "a refresh token of a minute",
      { refreshTokenLifetimeSeconds: 60 },
      "confidential",
      none,
      "refreshTokenLifetimeSeconds",
    ],
    [
      "a refresh token of two years and a second",
      { refreshTokenLifetimeSeconds: 63_072_001 },
      "confidential",
      none,
      "refreshTokenLifetimeSeconds",
    ],
    ["a refresh token of two years", { refreshTokenLifetimeSeconds: 63_072_000 }, "confidential", none, undefined],
  ])("%s", async (_, settings, type, redirectUris, field) => {
    const input = applicationInput({ settings, type, redirectUris });
    const platform = observedPlatform();
    if (field !== undefined) expect(await refusedFields(createApplication(platform, input))).toEqual([field]);
    else expect((await createApplication(platform, input)).application.settings).toEqual(settings);
  });

  it("names every wrong field at once, each in a sentence", async () => {
    const input = applicationInput({ name: "x", redirectUris: ["/cb"], settings: { category: "\n" } });
    const error = await refusal(createApplication(observedPlatform(), input));
    expect(error.problems.map(({ field }) => field)).toEqual(["name", "redirectUris", "category"]);
    expect(error.problems.every(({ problem }) => /^[A-Z].*\.$/.test(problem))).toBe(true);
  });
});

describe("a developer", () => {
  it("has at most 100 applications, and room again after deleting one", async () => {
    const platform = observedPlatform();
    for (let made = 0; made < 100; made += 1) await registeredApplication(platform, { ownerId: "7" });
    expect(await refusedFields(registeredApplication(platform, { ownerId: "7" }))).toEqual(["form"]);
    const own = await listOwnApplications(platform, "7");
    expect(own).toHaveLength(100);
    await deleteApplication(platform, own[0]?.id ?? 0);
    await registeredApplication(platform, { ownerId: "7" });
  });

  it("sees their own applications and nobody else's", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform, { ownerId: "7" });
    await registeredApplication(platform, { ownerId: "8" });
    await registeredApplication(platform);
    expect(await listOwnApplications(platform, "7")).toEqual([application]);
  });
});

describe("LC-43: another secret", () => {
  it("replaces the old one at once when nothing overlaps", async () => {
    const platform = observedPlatform();
    const { application, clientSecret = "" } = await registeredApplication(platform);
    const rotated = await rotateSecret(platform, application.id, { overlapSeconds: 0 });
    expect(verifyClientSecret(rotated.application, clientSecret, platform.now())).toBe(false);
    expect(verifyClientSecret(rotated.application, rotated.clientSecret, platform.now())).toBe(true);
  });

  it("lets the old one live exactly as long as asked", async () => {
    const platform = observedPlatform();
    const { application, clientSecret = "" } = await registeredApplication(platform);
    const rotated = await rotateSecret(platform, application.id, { overlapSeconds: 600 });
    const goodAfter = (seconds: number): boolean =>
      verifyClientSecret(rotated.application, clientSecret, platform.now() + seconds);
    expect([goodAfter(0), goodAfter(599), goodAfter(600)]).toEqual([true, true, false]);
  });

  it("leaves two at most: of three the oldest is dead", async () => {
    const platform = observedPlatform();
    const { application, clientSecret = "" } = await registeredApplication(platform);
    const second = await rotateSecret(platform, application.id, { overlapSeconds: 600 });
    const third = await rotateSecret(platform, application.id, { overlapSeconds: 600 });
    const good = (secret: string): boolean => verifyClientSecret(third.application, secret, platform.now());
    expect([good(clientSecret), good(second.clientSecret), good(third.clientSecret)]).toEqual([false, true, true]);
    expect(third.application.secrets).toHaveLength(2);
  });

  it.each([
    ["a negative overlap", -1],
    ["an overlap of a fraction", 0.5],
    ["an overlap of more than 30 days", 30 * 86_400 + 1],
  ])("is refused with %s, and the old one stays good", async (_, overlapSeconds) => {
    const platform = observedPlatform();
    const { application, clientSecret = "" } = await registeredApplication(platform);
    expect(await refusedFields(rotateSecret(platform, application.id, { overlapSeconds }))).toEqual(["overlapSeconds"]);
    const found = await platform.store.findApplicationById(application.id);
    expect(found && verifyClientSecret(found, clientSecret, platform.now())).toBe(true);
  });

  it("is refused for a public application", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform, { type: "public" });
    expect(await refusedFields(rotateSecret(platform, application.id, { overlapSeconds: 0 }))).toEqual(["application"]);
  });
});

describe("two at the same moment", () => {
  it("rotations: one is refused, and the secret that the other has shown is good", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform);
    const rotate = () => rotateSecret(platform, application.id, { overlapSeconds: 0 });
    const [one, other] = await Promise.allSettled([rotate(), rotate()]);
    const won = [one, other].flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const lost = [one, other].flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
    expect(lost).toEqual([
      expect.objectContaining({ name: "InputError", message: expect.stringContaining("at the same moment") }),
    ]);
    const found = await platform.store.findApplicationById(application.id);
    expect(won.map(({ clientSecret }) => found && verifyClientSecret(found, clientSecret, platform.now()))).toEqual([
      true,
    ]);
  });

  it("changes of different settings are both made", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform);
    const change = (settings: ApplicationSettings) =>
      changeApplication(platform, application.id, (loaded) => ({ settings: { ...loaded.settings, ...settings } }));
    await Promise.all([change({ pkce: "required" }), change({ onReuse: "refuse" })]);
    const found = await platform.store.findApplicationById(application.id);
    expect(found?.settings).toEqual({ pkce: "required", onReuse: "refuse" });
  });

  it("a change that loses three times is refused, and nothing is changed", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform);
    const busy = { ...platform, store: { ...platform.store, changeApplication: async () => "lost" as const } };
    expect(await refusedFields(changeApplication(busy, application.id, { name: "Picture printer" }))).toEqual([
      "application",
    ]);
  });
});

describe("a change", () => {
  it("follows the rules of registration and keeps the rest", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform);
    const changed = await changeApplication(platform, application.id, { name: " Picture printer " });
    expect(changed).toEqual({ ...application, name: "Picture printer" });
    expect(await refusedFields(changeApplication(platform, application.id, { name: "Kestrel" }))).toEqual(["name"]);
    expect(await refusedFields(changeApplication(platform, application.id, { redirectUris: [] }))).toEqual([
      "redirectUris",
    ]);
    expect(await platform.store.findApplicationById(application.id)).toEqual(changed);
  });

  it("cannot bring a trusted application to loopback", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform, { settings: { trusted: true } });
    const change = changeApplication(platform, application.id, { redirectUris: ["http://localhost/"] });
    expect(await refusedFields(change)).toEqual(["trusted"]);
  });

  it("of a disabled application is undone by enabling it", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform);
    expect(await disableApplication(platform, application.id)).toEqual({ ...application, disabled: true });
    expect(await enableApplication(platform, application.id)).toEqual(application);
    expect(platform.events.map(({ event }) => event)).toEqual([
      "application.created",
      "application.disabled",
      "application.enabled",
    ]);
  });

  it("of an application that is gone is refused in a sentence", async () => {
    const platform = observedPlatform();
    const { application } = await registeredApplication(platform);
    await deleteApplication(platform, application.id);
    const all = [
      changeApplication(platform, application.id, { name: "Picture printer" }),
      disableApplication(platform, application.id),
      enableApplication(platform, application.id),
      rotateSecret(platform, application.id, { overlapSeconds: 0 }),
      deleteApplication(platform, application.id),
    ];
    for (const action of all) expect(await refusedFields(action)).toEqual(["application"]);
  });
});
