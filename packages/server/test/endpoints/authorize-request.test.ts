import { disableApplication } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { pkce } from "../flow.ts";
import { redirectUri } from "../platform.ts";
import { send, visitor } from "../visitor.ts";
import { expectBack, expectPage } from "./expectations.ts";
import { addressOn, codeOn, exchangeOn, onRfc6749, onTwitch, type Stage, stage, surfaces } from "./stage.ts";
import { watchedStore } from "./store-around.ts";

const evil = "https://evil.example/cb";

let on: Stage;
let watched: ReturnType<typeof watchedStore>;

beforeEach(async () => {
  watched = watchedStore();
  on = await stage({}, { store: watched.store });
  watched.written.length = 0;
});

/** The address with more text in its query, unencoded. */
const plus = (address: string, text: string): string => `${address}&${text}`;
const encoded = encodeURIComponent(redirectUri);

describe.each(surfaces)("before application and redirect URI are known to belong together, $name", (surface) => {
  it.each<[string, (stage: Stage) => string]>([
    ["AR-03: no redirect URI", ({ app }) => addressOn(surface, app, { redirect_uri: undefined })],
    [
      "AR-06: nonsense with an unregistered redirect URI",
      ({ app }) => addressOn(surface, app, { response_type: "nonsense", redirect_uri: evil }),
    ],
    [
      "AR-06: nonsense without a client id",
      ({ app }) => addressOn(surface, app, { response_type: "nonsense", client_id: undefined }),
    ],
    [
      "AR-06: everything wrong, to a foreign address",
      () => `${surface.prefix}/authorize?redirect_uri=${evil}&scope=%22&prompt=none`,
    ],
    ["AR-06: an unknown client", ({ app }) => addressOn(surface, app, { client_id: "nobody" })],
    ["AR-09: the client id twice, the same", ({ app }) => plus(addressOn(surface, app), `client_id=${app.clientId}`)],
    ["AR-09: the client id twice, another after", ({ app }) => plus(addressOn(surface, app), "client_id=other")],
    [
      "AR-09: the client id twice, another before",
      ({ app }) => addressOn(surface, app).replace("?", "?client_id=other&"),
    ],
    [
      "AR-10: the redirect URI twice, a foreign one after",
      ({ app }) => plus(addressOn(surface, app), `redirect_uri=${evil}`),
    ],
    [
      "AR-10: the redirect URI twice, a foreign one before",
      ({ app }) => addressOn(surface, app).replace("?", `?redirect_uri=${evil}&`),
    ],
    ["AR-10: the redirect URI twice, the same", ({ app }) => plus(addressOn(surface, app), `redirect_uri=${encoded}`)],
    [
      "AR-12: the client id as a list",
      ({ app }) => addressOn(surface, app, { client_id: undefined, "client_id[]": app.clientId }),
    ],
    [
      "AR-12: the redirect URI as a list",
      ({ app }) => addressOn(surface, app, { redirect_uri: undefined, "redirect_uri[0]": redirectUri }),
    ],
    ["AR-14: an empty client id", ({ app }) => addressOn(surface, app, { client_id: "" })],
    ["AR-14: an empty redirect URI", ({ app }) => addressOn(surface, app, { redirect_uri: "" })],
    ["AR-26: broken percent-encoding", ({ app }) => plus(addressOn(surface, app), "x=%zz")],
    ["AR-26: a lone percent sign", ({ app }) => plus(addressOn(surface, app), "x=%")],
    ["AR-26: an overlong form of NUL", ({ app }) => plus(addressOn(surface, app), "x=%c0%80")],
    ["AR-26: half a surrogate pair", ({ app }) => plus(addressOn(surface, app), "x=%ed%a0%80")],
    ["too many parameters", ({ app }) => plus(addressOn(surface, app), "x&".repeat(100))],
    ["a query beyond any of ours", ({ app }) => plus(addressOn(surface, app), `x=${"y".repeat(40_000)}`)],
  ])("%s is a page, for a stranger and for a user", async (_, address) => {
    expectPage(await send(on.platform.server, address(on)));
    expectPage(await on.person.get(address(on)));
    expect(watched.written).toEqual([]);
  });

  it.each(["client_id", "redirect_uri", "state", "response_type", "code_challenge", "prompt", "anything"])(
    "AR-26: control characters in %s are a page and reach neither store nor header",
    async (name) => {
      for (const bytes of ["%00", "%0d%0a", "%1f", "%7f"]) {
        const address = plus(addressOn(surface, on.app, { [name]: undefined }), `${name}=a${bytes}b`);
        expectPage(await on.person.get(address));
      }
      expect(watched.written).toEqual([]);
    },
  );
});

describe.each(surfaces)("once they belong together, $name", (surface) => {
  const rows: [string, (stage: Stage) => string, string, string | undefined][] = [
    [
      "AR-04: no response type",
      ({ app }) => addressOn(surface, app, { response_type: undefined }),
      "invalid_request",
      "s-1",
    ],
    [
      "AR-14: an empty response type",
      ({ app }) => addressOn(surface, app, { response_type: "" }),
      "invalid_request",
      "s-1",
    ],
    ...["CODE", "code ", " code", "code,code", "code code", "token", "id_token", "code token", "none"].map(
      (type): [string, (stage: Stage) => string, string, string] => [
        `AR-08: the response type "${type}"`,
        ({ app }) => addressOn(surface, app, { response_type: type }),
        "unsupported_response_type",
        "s-1",
      ],
    ),
    ["AR-11: the state twice", ({ app }) => plus(addressOn(surface, app), "state=s-2"), "invalid_request", undefined],
    ["AR-11: the scope twice", ({ app }) => plus(addressOn(surface, app), "scope=chat:read"), "invalid_request", "s-1"],
    [
      "AR-11: the response type twice",
      ({ app }) => plus(addressOn(surface, app), "response_type=code"),
      "invalid_request",
      "s-1",
    ],
    [
      "AR-11: the challenge twice",
      ({ app }) => plus(addressOn(surface, app), `code_challenge=${pkce.code_challenge}`),
      "invalid_request",
      "s-1",
    ],
    [
      "AR-14: an empty challenge beside its method",
      ({ app }) => addressOn(surface, app, { code_challenge: "" }),
      "invalid_request",
      "s-1",
    ],
    ...[
      "a\nb",
      "a\tb",
      'a"b',
      "a\\b",
      "é",
      "a\u0000b",
      "a\u2028b",
      Array.from({ length: 500 }, (_, i) => `s${i}`).join(" "),
    ].map((scope): [string, (stage: Stage) => string, string, string] => [
      `AR-16: the scope ${JSON.stringify(scope.slice(0, 20))}`,
      ({ app }) => addressOn(surface, app, { scope }),
      "invalid_scope",
      "s-1",
    ]),
    ["an unknown scope", ({ app }) => addressOn(surface, app, { scope: "all:the:things" }), "invalid_scope", "s-1"],
    [
      "a scope in another case",
      ({ app }) => addressOn(surface, app, { scope: "USER:READ:EMAIL" }),
      "invalid_scope",
      "s-1",
    ],
    [
      "scopes set apart by commas",
      ({ app }) => addressOn(surface, app, { scope: "chat:read,user:read:email" }),
      "invalid_scope",
      "s-1",
    ],
    ["openid, which is not offered", ({ app }) => addressOn(surface, app, { scope: "openid" }), "invalid_scope", "s-1"],
    [
      "AR-19: a state of 20,000 characters",
      ({ app }) => addressOn(surface, app, { state: "x".repeat(20_000) }),
      "invalid_request",
      undefined,
    ],
    [
      "AR-23: a request object",
      ({ app }) => addressOn(surface, app, { request: "eyJhbGciOiJub25lIn0.e30." }),
      "request_not_supported",
      "s-1",
    ],
    [
      "AR-23: a request by address",
      ({ app }) => addressOn(surface, app, { request_uri: evil }),
      "request_uri_not_supported",
      "s-1",
    ],
    ...["fragment", "form_post", "web_message", "jwt", "query.jwt", "QUERY", "xyz"].map(
      (mode): [string, (stage: Stage) => string, string, string] => [
        `AR-24: the response mode ${mode}`,
        ({ app }) => addressOn(surface, app, { response_mode: mode }),
        "invalid_request",
        "s-1",
      ],
    ),
    [
      "a resource with a fragment",
      ({ app }) => addressOn(surface, app, { resource: "https://api.example/#x" }),
      "invalid_target",
      "s-1",
    ],
    [
      "a resource that is relative",
      ({ app }) => addressOn(surface, app, { resource: "/api" }),
      "invalid_target",
      "s-1",
    ],
  ];

  it.each(rows)("%s goes back to the application (AR-28, AR-29)", async (_, address, error, state) => {
    expectBack(await on.person.get(address(on)), surface, error, { state });
    expect(watched.written).toEqual([]);
  });

  it.each(rows)("AR-25: %s sends no stranger anywhere, but shows where the link leads", async (_, address) => {
    const answer = await visitor(on.platform.server).get(address(on));
    expectPage(answer);
    expect([...answer.body.matchAll(/href="(https?:[^"?]*)/g)].map(([, link]) => link)).toEqual([redirectUri]);
    expect(watched.written).toEqual([]);
  });

  it("AR-07: a disabled application is told so at its own address only", async () => {
    await disableApplication(on.platform, on.app.application.id);
    watched.written.length = 0;
    expectBack(await on.person.get(addressOn(surface, on.app)), surface, "unauthorized_client", { state: "s-1" });
    expectPage(await on.person.get(addressOn(surface, on.app, { redirect_uri: evil })));
    expect(watched.written).toEqual([]);
  });

  it("AR-14: an empty scope is no scope and an empty state is none", async () => {
    const address = addressOn(surface, on.app, { scope: "", state: "" });
    const back = await on.person.submit(address, await on.person.get(address), { decision: "approve" });
    expect(back.location?.searchParams.get("code")).toMatch(/^cgc_/);
    expect(back.location?.searchParams.has("state")).toBe(false);
  });

  it.each([2_000, 4_096])("AR-19: a state of %d characters comes back whole", async (length) => {
    const state = "é&=+ %".repeat(length).slice(0, length);
    const address = addressOn(surface, on.app, { state });
    const back = await on.person.submit(address, await on.person.get(address), { decision: "decline" });
    expectBack(back, surface, "access_denied", { state });
  });

  it("AR-22: HEAD mints nothing, though the user is signed in and approved before", async () => {
    const address = addressOn(surface, on.app);
    await on.person.submit(address, await on.person.get(address), { decision: "approve" });
    watched.written.length = 0;
    const cookie = [...on.person.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await send(on.platform.server, address, { method: "HEAD", headers: { cookie } });
    expect([answer.status, answer.header("allow"), answer.header("location")]).toEqual([405, "GET, POST", undefined]);
    expect(watched.written).toEqual([]);
  });
});

describe("parameters with names a careless parser would expand", () => {
  it.each([
    "scope[]=chat:read",
    "scope[a]=chat:read",
    "__proto__[polluted]=1",
    "__proto__=1",
    "constructor=1",
    "constructor[prototype][polluted]=1",
    "state[toString]=x",
    "toString=1&valueOf=2&hasOwnProperty=3",
    "response_type[]=token",
  ])("AR-12: %s is an unknown name and changes nothing", async (text) => {
    const plain = await on.person.get(addressOn(onTwitch, on.app));
    const odd = await on.person.get(plus(addressOn(onTwitch, on.app), text));
    expect([plain.status, odd.status]).toEqual([200, 200]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(odd.body).not.toContain("chat:read");
  });
});

describe("scopes and parameters in another order", () => {
  it("AR-17: are the same grant, and the answer names no scope twice", async () => {
    const plain = addressOn(onTwitch, on.app, { scope: "chat:read user:read:email" });
    await on.person.submit(plain, await on.person.get(plain), { decision: "approve" });
    const query = new URLSearchParams(
      addressOn(onTwitch, on.app, { scope: "user:read:email chat:read  chat:read" }).split("?")[1],
    );
    const back = await on.person.get(`/oauth2/authorize?${new URLSearchParams([...query].toReversed())}`);
    expect(back.location?.searchParams.get("scope")).toBe("user:read:email chat:read");
    expect(back.location?.searchParams.get("code")).toMatch(/^cgc_/);
  });
});

describe("an application that posts its request", () => {
  const query = (at: Stage): string => addressOn(onRfc6749, at.app).split("?")[1] ?? "";
  const form = { "content-type": "application/x-www-form-urlencoded" };

  it("AR-21: is sent to the same request as a GET, and nothing is written", async () => {
    const answer = await send(on.platform.server, "/oauth/authorize", {
      method: "POST",
      headers: form,
      body: query(on),
    });
    expect([answer.status, answer.header("location")]).toEqual([303, `/oauth/authorize?${query(on)}`]);
    expect(watched.written).toEqual([]);
  });

  it.each<[string, (stage: Stage) => [target: string, type: string, body: string]]>([
    ["as JSON", ({ app }) => ["/oauth/authorize", "application/json", JSON.stringify({ client_id: app.clientId })]],
    ["without a type", (at) => ["/oauth/authorize", "", query(at)]],
    ["half in the address", (at) => [`/oauth/authorize?state=x`, form["content-type"], query(at)]],
    ["whole in both places", (at) => [`/oauth/authorize?${query(at)}`, form["content-type"], query(at)]],
    ["with nothing in it", () => ["/oauth/authorize", form["content-type"], ""]],
    ["with broken encoding", (at) => ["/oauth/authorize", form["content-type"], `${query(at)}&x=%zz`]],
  ])("AR-21: %s is a page", async (_, make) => {
    const [target, type, body] = make(on);
    expectPage(await send(on.platform.server, target, { method: "POST", headers: { "content-type": type }, body }));
    expect(watched.written).toEqual([]);
  });
});

describe("the same challenge in a second request", () => {
  it("AR-33: works, and neither code is good with the other flow's data", async () => {
    const other = "https://client.example.com/other";
    const both = await stage({ redirectUris: [redirectUri, other] });
    const [one, two] = [
      await codeOn(onRfc6749, both),
      await codeOn(onRfc6749, both, { redirect_uri: other, state: "s-2" }),
    ];
    expect((await exchangeOn(onRfc6749, both, one, { redirect_uri: other })).status).toBe(400);
    expect((await exchangeOn(onRfc6749, both, two)).status).toBe(400);
    expect((await exchangeOn(onRfc6749, both, one)).status).toBe(200);
    expect((await exchangeOn(onRfc6749, both, two, { redirect_uri: other })).status).toBe(200);
  });
});

describe("an application disabled a second ago", () => {
  it("AR-32: gets no page and no code, not even by a form that was open", async () => {
    const address = addressOn(onTwitch, on.app);
    const page = await on.person.get(address);
    await disableApplication(on.platform, on.app.application.id);
    watched.written.length = 0;
    expectBack(await on.person.submit(address, page, { decision: "approve" }), onTwitch, "unauthorized_client", {
      state: "s-1",
    });
    expect(watched.written).toEqual([]);
  });
});
