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
  codegrantProvider,
  exchangeCode,
  findMissingScopes,
  findProvider,
  gitlabProvider,
  google,
  identify,
  microsoft,
  microsoftProvider,
  type Provider,
  providers,
  revealTokens,
  Secret,
  slack,
  spotify,
  startAuthorization,
  startDeviceAuthorization,
  twitch,
} from "../src/index.ts";
import { checkProvider } from "../src/provider.ts";
import { client, clientId, now, redirectUri, startedAt, thrownBy } from "./fixtures.ts";

interface Fixture {
  readonly file: string;
  readonly provider: Provider;
  readonly kind: "token" | "error" | "device" | "identity";
  readonly source: string;
  readonly scopes?: readonly string[];
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
  /** What a person read in it. */
  readonly reads: Readonly<Record<string, unknown>>;
}

const folder = new URL("./fixtures/", import.meta.url);
const fixtures = providers.flatMap((provider) =>
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

  it.each(ofKind("error"))("$file", async (fixture) => {
    const error = await thrownBy(exchangeCode(fixture.provider, client, inHand, answering(fixture)));
    expect(error).toMatchObject({ ...fixture.reads, provider: fixture.provider.name });
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
    for (const provider of providers) expect(ofKind("token").some((one) => one.provider === provider)).toBe(true);
    expect(fixtures.every(({ source }) => source.startsWith("https://"))).toBe(true);
  });
});

const everyProvider = [
  ...providers,
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
