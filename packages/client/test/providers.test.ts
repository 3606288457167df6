import { readdirSync, readFileSync } from "node:fs";
import {
  deviceCodeGrantType,
  errorCodes,
  findErrorCode,
  formatErrorResponse,
  OAuthError,
  parseErrorResponse,
} from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import {
  apiHeadersOf,
  apple,
  codegrantProvider,
  exchangeCode,
  facebookProvider,
  findMissingScopes,
  findProvider,
  finishAuthorization,
  gitlabProvider,
  google,
  identify,
  microsoft,
  microsoftProvider,
  notion,
  type Provider,
  placedProviders,
  pollDeviceAuthorization,
  providers,
  reddit,
  refreshTokens,
  revealTokens,
  revokeToken,
  Secret,
  salesforceProvider,
  shopifyProvider,
  slack,
  spotify,
  startAuthorization,
  startDeviceAuthorization,
  strava,
  tiktok,
  twitch,
} from "../src/index.ts";
import { checkProvider } from "../src/provider.ts";
import { client, clientId, now, redirectUri, startedAt, thrownBy } from "./fixtures.ts";

interface Fixture {
  readonly file: string;
  readonly provider: Provider;
  readonly kind: "token" | "refresh" | "error" | "device" | "poll" | "identity" | "revoke";
  readonly source: string;
  readonly scopes?: readonly string[];
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
  /** What a person read in it. */
  readonly reads: Readonly<Record<string, unknown>>;
}

const folder = new URL("./fixtures/", import.meta.url);
const documented = [...providers, shopifyProvider("example")];
const fixtures = documented.flatMap((provider) =>
  readdirSync(new URL(provider.name, folder)).map((name): Fixture => {
    const file = `${provider.name}/${name}`;
    return { ...(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Fixture), file, provider };
  }),
);
const ofKind = (kind: Fixture["kind"]): Fixture[] => fixtures.filter((fixture) => fixture.kind === kind);

function answering({ status, contentType, body }: Fixture): { fetch: () => Promise<Response>; now: () => number } {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { now, fetch: async () => new Response(text, { status, headers: { "content-type": contentType } }) };
}

const inHand = { code: "code", redirectUri, scopes: ["asked"] };

describe("documented answers are read as a person reads them", () => {
  it.each(ofKind("token"))("$file", async (fixture) => {
    const { lifetimeSeconds, ...reads } = fixture.reads;
    const tokens = revealTokens(await exchangeCode(fixture.provider, client, inHand, answering(fixture)));
    expect(tokens).toMatchObject(reads);
    expect(tokens.expiresAt).toBe(typeof lifetimeSeconds === "number" ? now() + lifetimeSeconds : undefined);
  });

  it.each(ofKind("refresh"))("$file", async (fixture) => {
    const { lifetimeSeconds, ...reads } = fixture.reads;
    const held = { refreshToken: new Secret("old"), scopes: ["asked"] };
    const tokens = revealTokens(await refreshTokens(fixture.provider, client, held, answering(fixture)));
    expect(tokens).toMatchObject(reads);
    expect(tokens.expiresAt).toBe(typeof lifetimeSeconds === "number" ? now() + lifetimeSeconds : undefined);
  });

  it.each(ofKind("revoke"))("$file", async (fixture) => {
    expect(await revokeToken(fixture.provider, client, "token", answering(fixture))).toEqual(fixture.reads);
  });

  it.each(ofKind("error"))("$file", async (fixture) => {
    const error = await thrownBy(exchangeCode(fixture.provider, client, inHand, answering(fixture)));
    expect(error).toMatchObject({ ...fixture.reads, provider: fixture.provider.name });
  });

  it.each(ofKind("poll"))("$file", async (fixture) => {
    const device = {
      deviceCode: new Secret("d"),
      userCode: "u",
      verificationUri: "https://provider.example/device",
      scopes: ["a"],
      expiresAt: startedAt + 600,
      intervalSeconds: 5,
    };
    expect(await pollDeviceAuthorization(fixture.provider, client, device, answering(fixture))).toEqual(fixture.reads);
  });

  it.each(ofKind("device"))("$file", async (fixture) => {
    const { lifetimeSeconds = 0, ...reads } = fixture.reads;
    const device = await startDeviceAuthorization(fixture.provider, client, { scopes: ["a"] }, answering(fixture));
    expect(device).toMatchObject({ ...reads, expiresAt: now() + Number(lifetimeSeconds) });
  });

  it.each(ofKind("identity"))("$file", async (fixture) => {
    const tokens = { accessToken: new Secret("token"), scopes: fixture.scopes ?? [] };
    expect(await identify(fixture.provider, client, tokens, answering(fixture))).toEqual(fixture.reads);
  });

  it("and there are some for each provider, each with its source", () => {
    for (const provider of documented) expect(ofKind("token").some((one) => one.provider === provider)).toBe(true);
    expect(fixtures.every(({ source }) => source.startsWith("https://"))).toBe(true);
  });
});

const everyProvider = [
  ...documented,
  salesforceProvider("example.my.salesforce.com"),
  facebookProvider("v26.0"),
  gitlabProvider("https://gitlab.example.org/"),
  microsoftProvider("contoso.example"),
  codegrantProvider("http://localhost:8080", "rfc6749"),
  codegrantProvider("http://localhost:8080", "twitch"),
  codegrantProvider("http://localhost:8080", "kraken"),
];

describe.each(everyProvider)("$name", (provider) => {
  it("is a record that can be used, with its sources and the month they were read", () => {
    checkProvider(provider);
    expect(provider.sources.length).toBeGreaterThan(0);
    expect(provider.verifiedOn).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
    expect(JSON.stringify(provider)).not.toContain("undefined");
  });

  it("sends to an authorize address with state and, where it helps, a challenge", async () => {
    const { url, pending } = await startAuthorization(provider, { clientId, redirectUri, scopes: ["a", "b"] });
    const query = new URL(url).searchParams;
    expect(query.get("scope")?.split(provider.dialect.scope.separator)).toEqual(pending.scopes);
    expect(query.has("code_challenge")).toBe(provider.pkce === "required" || provider.pkce === "ok");
    expect(query.get("state")).toBe(pending.state);
  });

  it.each(Object.keys(errorCodes))("loses no %s between writing and reading", (code) => {
    const { status, body } = formatErrorResponse(new OAuthError(code), provider.dialect);
    const read = parseErrorResponse({ status, contentType: "application/json", body }, provider.dialect);
    expect(read.code).toBe(code);
  });

  it("knows in its own codes only those of the table", () => {
    for (const { code } of provider.dialect.error.codes) expect(findErrorCode(code)).toBeDefined();
  });

  it("has the address of every place that it asks who approved", () => {
    const asked = (provider.identity ?? []).map(({ from }) => from);
    const { endpoints } = provider;
    expect(asked.filter((from) => from !== "id_token" && from !== "token_response")).toEqual(
      asked.filter((from) => from in endpoints && endpoints[from as keyof typeof endpoints] !== undefined),
    );
  });
});

describe("a provider's ways", () => {
  const query = async (provider: Provider, more = {}): Promise<URLSearchParams> =>
    new URL((await startAuthorization(provider, { clientId, redirectUri, scopes: [], ...more })).url).searchParams;

  it("Google is always asked for a refresh token, which takes the consent page", async () => {
    expect(Object.fromEntries(await query(google))).toMatchObject({ access_type: "offline", prompt: "consent" });
  });

  it.each<[string, Provider, string, string]>([
    ["Twitch", twitch, "force_verify", "true"],
    ["Google", google, "prompt", "select_account consent"],
    ["Microsoft", microsoft, "prompt", "select_account"],
    ["Spotify", spotify, "show_dialog", "true"],
  ])("%s lets the user choose another account", async (_title, provider, name, value) => {
    expect((await query(provider, { forceConsent: true })).get(name)).toBe(value);
    expect((await query(provider)).get(name)).not.toBe(value);
  });

  it("the caller's own prompt stands before the provider's", async () => {
    expect((await query(google, { prompt: ["login"] })).get("prompt")).toBe("login");
  });

  it("Microsoft is asked for the scope that brings a refresh token, and not thought to lack it", async () => {
    const { pending } = await startAuthorization(microsoft, { clientId, redirectUri, scopes: ["User.Read"] });
    expect(pending.scopes).toEqual(["User.Read", "offline_access"]);
    expect(findMissingScopes(microsoft, pending.scopes, ["User.Read"])).toEqual([]);
  });

  it("Google's short names of scopes are known again in its answers", () => {
    const granted = ["openid", "https://www.googleapis.com/auth/userinfo.email"];
    expect(findMissingScopes(google, ["openid", "email", "profile"], granted)).toEqual(["profile"]);
  });

  it("Slack's scopes have commas between them", async () => {
    expect((await query(slack, { scopes: ["commands", "chat:write"] })).get("scope")).toBe("commands,chat:write");
  });

  it("CT-18: what was asked for and not granted is told", () => {
    expect(findMissingScopes(twitch, ["chat:read", "chat:edit"], ["chat:read"])).toEqual(["chat:edit"]);
  });

  it("Twitch is sent the scopes of a device with every request, in its own spelling", async () => {
    const bodies: string[] = [];
    const device = { device_code: "d", user_code: "U", verification_uri: "https://www.twitch.tv/activate" };
    const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
      bodies.push(typeof init.body === "string" ? init.body : "");
      return Response.json(device);
    };
    await startDeviceAuthorization(twitch, { clientId }, { scopes: ["chat:read"] }, { fetch });
    expect(bodies).toEqual([`client_id=${clientId}&scopes=chat%3Aread`]);
    expect(deviceCodeGrantType).toBe("urn:ietf:params:oauth:grant-type:device_code");
  });

  it("every table of facts is here: twenty-six, and no two of one name", () => {
    expect(new Set(documented.map(({ name }) => name)).size).toBe(26);
    expect(documented).toHaveLength(26);
  });

  interface Sent {
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly body: string;
  }
  const exchangedAt = async (provider: Provider, who: typeof client | { clientId: string } = client): Promise<Sent> => {
    let sent: Sent | undefined;
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      sent = {
        url,
        headers: init.headers as Record<string, string>,
        body: typeof init.body === "string" ? init.body : "",
      };
      return Response.json({ access_token: "token", token_type: "bearer" });
    };
    await exchangeCode(provider, who, { code: "c", redirectUri }, { fetch, now });
    if (sent === undefined) throw new Error("nothing was sent");
    return sent;
  };

  it("TikTok is told the client's id by a name of its own, in the address and at its endpoints", async () => {
    expect((await query(tiktok)).get("client_key")).toBe(clientId);
    expect((await query(tiktok)).has("client_id")).toBe(false);
    const sent = new URLSearchParams((await exchangedAt(tiktok)).body);
    expect([sent.get("client_key"), sent.has("client_id")]).toEqual([clientId, false]);
  });

  it("Notion is sent JSON, with the version of its API", async () => {
    const { headers, body } = await exchangedAt(notion);
    expect(headers).toMatchObject({ "content-type": "application/json", "notion-version": "2025-09-03" });
    expect(JSON.parse(body)).toEqual({ grant_type: "authorization_code", code: "c", redirect_uri: redirectUri });
  });

  it("Shopify is asked for tokens that expire, and its API takes them in a header of its own", async () => {
    const shop = shopifyProvider("my-shop");
    expect(new URLSearchParams((await exchangedAt(shop)).body).get("expiring")).toBe("1");
    expect(apiHeadersOf(shop, clientId, "token")).toEqual({ "x-shopify-access-token": "token" });
  });

  it("Reddit hears from a client without a secret by Basic, with an empty password", async () => {
    const { headers, body } = await exchangedAt(reddit, { clientId });
    expect(headers["authorization"]).toBe(`Basic ${btoa(`${clientId}:`)}`);
    expect(body).not.toContain("client_id");
  });

  it("CT-18: Strava's user may untick a scope, and the callback alone says so", async () => {
    const asked = { clientId, redirectUri, scopes: ["read", "activity:write"], now };
    const { pending } = await startAuthorization(strava, asked);
    const fetch = async (): Promise<Response> => Response.json({ access_token: "t", token_type: "Bearer" });
    const callback = `?state=${pending.state}&code=c&scope=read`;
    const result = await finishAuthorization(strava, client, pending, callback, { fetch, now });
    expect(result).toMatchObject({ status: "approved", tokens: { scopes: ["read"] } });
  });

  it("Apple is asked to post its answer, and what it posts is read", async () => {
    expect((await query(apple)).get("response_mode")).toBe("form_post");
  });

  it.each(["shopify@my-shop", "gitlab@gitlab.example.org", "microsoft@contoso.example", "facebook@v26.0"])(
    "%s is found at its place",
    (name) => {
      const [word = "", place = ""] = name.split("@");
      expect(placedProviders).toContain(word);
      expect(findProvider(name)?.endpoints.token).toContain(place);
    },
  );

  it.each(["shopify@a.b", "shopify@../x", "salesforce@evil.example", "facebook@25", "microsoft@a/b"])(
    "%s is no place of that provider's",
    (name) => expect(() => findProvider(name)).toThrow(TypeError),
  );

  it("a provider without places has none", () => {
    expect(findProvider("twitch@somewhere")).toBeUndefined();
    expect(findProvider("constructor@x")).toBeUndefined();
  });

  it("is found by its name, in any case", () => {
    expect(findProvider("GitHub")).toBe(providers.find(({ name }) => name === "github"));
    expect(findProvider("nobody")).toBeUndefined();
    expect(startedAt).toBeGreaterThan(0);
  });

  it("a tenant and a host are checked before they become addresses", () => {
    expect(() => microsoftProvider("../evil")).toThrow(TypeError);
    expect(() => gitlabProvider("gitlab")).toThrow(TypeError);
    expect(microsoftProvider("8eaef023-2b34-4da1-9baa-8bc8c9d6a490").idTokenIssuers).toEqual([
      "https://login.microsoftonline.com/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
    ]);
  });
});
