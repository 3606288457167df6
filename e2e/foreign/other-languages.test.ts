import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RawAnswer, sendRaw } from "./raw-request.ts";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

// Requests as clients of other languages write them, replayed to the byte.

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

type Fields = Readonly<Record<string, string>>;

/** How one client writes a request of the token or revocation endpoint. */
interface Hand {
  readonly name: string;
  readonly redirectUri: string;
  /** Beside `Host` and `Content-Length`. */
  readonly headers: readonly string[];
  readonly secretIn: "header" | "body";
  readonly more: { readonly exchange?: Fields; readonly refresh?: Fields; readonly revoke?: Fields };
}

const form = "Content-Type: application/x-www-form-urlencoded";
const scope = "user:read:email chat:read";

const hands: readonly Hand[] = [
  {
    name: "authlib",
    redirectUri: "http://localhost:5000/authorize",
    headers: [
      "User-Agent: Authlib/1.2.0 (+https://authlib.org/)",
      "Accept-Encoding: gzip, deflate",
      "Accept: application/json",
      "Connection: keep-alive",
      `${form};charset=UTF-8`,
    ],
    secretIn: "header",
    more: { refresh: { scope }, revoke: { token_type_hint: "refresh_token" } },
  },
  {
    name: "requests-oauthlib",
    redirectUri: "http://localhost:5000/callback",
    headers: [
      "User-Agent: python-requests/2.28.1",
      "Accept-Encoding: gzip, deflate",
      "Accept: application/json",
      "Connection: keep-alive",
      `${form};charset=UTF-8`,
    ],
    secretIn: "header",
    more: {},
  },
  {
    name: "oidc-agent",
    redirectUri: "http://localhost:4242",
    headers: ["User-Agent: oidc-agent/4.2.6", "Accept: */*", form],
    secretIn: "header",
    more: { exchange: { response_type: "token" }, refresh: { scope } },
  },
  {
    name: "ruby-oauth2",
    redirectUri: "http://localhost:9292/auth/callback",
    headers: [
      "User-Agent: Faraday v1.1.0",
      form,
      "Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3",
      "Accept: */*",
    ],
    secretIn: "body",
    more: {},
  },
  {
    name: "LWP::Authen::OAuth2",
    redirectUri: "http://localhost:8080/",
    headers: ["TE: deflate,gzip;q=0.3", "Connection: TE", "User-Agent: libwww-perl/6.68", form],
    secretIn: "body",
    more: {},
  },
];

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

function challengeOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

async function getCode({ clientId }: Registered, redirectUri: string, more: Fields = {}): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: "OQoEFPiYaB6jJeqmHXfDPZ",
    code_challenge: challengeOf(verifier),
    code_challenge_method: "S256",
    ...more,
  });
  return (await stage.approve(`${stage.url}/oauth/authorize?${query}`)).searchParams;
}

function post(
  endpoint: string,
  { headers, secretIn }: Pick<Hand, "headers" | "secretIn">,
  { clientId, clientSecret }: Registered,
  fields: Fields,
): Promise<RawAnswer> {
  const basic = `Authorization: Basic ${btoa(`${clientId}:${clientSecret}`)}`;
  const inBody = { client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams({ ...(secretIn === "body" && inBody), ...fields }).toString();
  const lines = ["POST", ...headers, ...(secretIn === "header" ? [basic] : [])];
  return sendRaw(`${stage.url}/oauth/${endpoint}`, lines, body);
}

/** What at least one of them cannot do without. */
function expectTokens(answer: RawAnswer): { access: string; refresh: string } {
  expect([answer.status, answer.header("content-type")]).toEqual([200, "application/json"]);
  const tokens = answer.json();
  expect(tokens).toEqual({
    access_token: expect.stringMatching(/^\S{20,}$/),
    refresh_token: expect.stringMatching(/^\S{20,}$/),
    token_type: "Bearer",
    expires_in: expect.any(Number),
    scope,
  });
  expect(tokens["expires_in"]).toBeGreaterThan(0);
  return { access: String(tokens["access_token"]), refresh: String(tokens["refresh_token"]) };
}

describe.each(hands)("$name", (hand) => {
  it("gets, refreshes and revokes with its requests as they are", async () => {
    const { redirectUri, more } = hand;
    const app = await register(stage, redirectUri);
    const code = (await getCode(app, redirectUri)).get("code") ?? "";
    const grant = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier };
    const first = expectTokens(await post("token", hand, app, { ...grant, ...more.exchange }));
    const refresh = { grant_type: "refresh_token", refresh_token: first.refresh, ...more.refresh };
    const second = expectTokens(await post("token", hand, app, refresh));
    expect(await stage.introspect(second.access)).toMatchObject({ active: true, scope });
    expect((await post("revoke", hand, app, { token: second.refresh, ...more.revoke })).status).toBe(200);
    expect(await stage.introspect(second.access)).toEqual({ active: false });
  });
});

const [authlib] = hands;

describe("authlib", () => {
  it("turns a refusal into a token request without a code, and is told so quietly", async () => {
    if (authlib === undefined) throw new Error("no authlib");
    const app = await register(stage, authlib.redirectUri);
    const fields = { grant_type: "authorization_code", redirect_uri: authlib.redirectUri };
    const answer = await post("token", authlib, app, fields);
    expect([answer.status, answer.json()["error"]]).toEqual([400, "invalid_request"]);
  });
});

describe("oidc-agent", () => {
  it("finds all it insists on in the metadata, without a redirect", async () => {
    const answer = await sendRaw(`${stage.url}/.well-known/oauth-authorization-server`, [
      "GET",
      "User-Agent: oidc-agent/4.2.6",
      "Accept: */*",
    ]);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      scopes_supported: expect.arrayContaining(["user:read:email", "offline_access"]),
      code_challenge_methods_supported: ["S256"],
      grant_types_supported: expect.arrayContaining(["refresh_token"]),
      device_authorization_endpoint: `${stage.url}/oauth/device`,
    });
  });
});

describe("git-credential-oauth", () => {
  const go = ["User-Agent: Go-http-client/1.1", form, "Accept-Encoding: gzip"];
  /** Standard base64 with its + / and =, though RFC 7636 knows none of them. */
  const odd = "+3q2/7wABAgMEBQYHCAkKCwwNDg8QERITFBUWF+gZGg=";

  it.each(["public", "confidential"] as const)(
    "comes back to a port of its own without a path, and tries Basic before the body (%s)",
    async (type) => {
      const app = await register(stage, "http://127.0.0.1", { type });
      const redirectUri = "http://127.0.0.1:41815";
      const back = await getCode(app, redirectUri, { state: odd, code_challenge: challengeOf(odd) });
      expect(back.get("state")).toBe(odd);
      const fields = {
        code: back.get("code") ?? "",
        code_verifier: odd,
        grant_type: "authorization_code",
        redirect_uri: redirectUri,
      };
      // Go's library finds out how the secret is wanted by trying, with the same code. This one was set wrong.
      const wrong = { ...app, clientSecret: type === "public" ? "" : "wrong" };
      const refused = await post("token", { headers: go, secretIn: "header" }, wrong, fields);
      expect([refused.status, refused.json()["error"]]).toEqual([401, "invalid_client"]);

      const own = { client_id: app.clientId, ...(type === "confidential" && { client_secret: app.clientSecret }) };
      const send = (endpoint: string, more: Fields): Promise<RawAnswer> =>
        sendRaw(`${stage.url}/oauth/${endpoint}`, ["POST", ...go], new URLSearchParams({ ...own, ...more }).toString());
      const first = expectTokens(await send("token", fields));
      const second = expectTokens(await send("token", { grant_type: "refresh_token", refresh_token: first.refresh }));
      expect((await send("revoke", { token: second.refresh })).status).toBe(200);
      expect(await stage.introspect(second.access)).toEqual({ active: false });
    },
  );
});
