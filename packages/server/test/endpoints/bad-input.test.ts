import { beforeAll, describe, expect, it } from "vitest";
import { codeVerifier, refresh } from "../flow.ts";
import { type Registered, redirectUri, registered } from "../platform.ts";
import { type Answer, send } from "../visitor.ts";
import {
  codeOn,
  onKraken,
  onRfc6749,
  onTwitch,
  postText,
  type Stage,
  type Surface,
  stage,
  surfaces,
  tokensOn,
} from "./stage.ts";

type Fields = Readonly<Record<string, string | undefined>>;

/** What each dialect says: Twitch, Kraken, RFC 6749. */
interface Said {
  readonly twitch: readonly [status: number, message: string];
  /** Where it differs from Twitch's. */
  readonly kraken?: readonly [status: number, message: string];
  readonly rfc6749: readonly [status: number, error: string, description: string];
}

let on: Stage;
let other: Registered;
beforeAll(async () => {
  on = await stage();
  other = await registered(on.platform, { name: "Another one" });
});

/** The whole answer: no member more, no member less, and the headers of RFC 6749, 5.1. */
function expectSaid(answer: Answer, surface: Surface, { twitch, kraken = twitch, rfc6749 }: Said): void {
  const reasons: Record<number, string> = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
  };
  const [status] = surface === onRfc6749 ? rfc6749 : surface === onKraken ? kraken : twitch;
  const bodies = new Map<Surface, Record<string, unknown>>([
    [onTwitch, { status: twitch[0], message: twitch[1] }],
    [onKraken, { error: reasons[kraken[0]], status: kraken[0], message: kraken[1] }],
    [onRfc6749, { error: rfc6749[1], error_description: rfc6749[2] }],
  ]);
  expect([answer.status, answer.json()]).toEqual([status, bodies.get(surface)]);
  const headers = ["content-type", "cache-control", "pragma", "x-content-type-options"].map((name) =>
    answer.header(name),
  );
  expect(headers).toEqual(["application/json", "no-store", "no-cache", "nosniff"]);
  expect(answer.header("www-authenticate")).toBe(
    surface === onRfc6749 && status === 401 ? 'Basic realm="codegrant", charset="UTF-8"' : undefined,
  );
  expect(answer.header("allow")).toBe(status === 405 ? "POST" : undefined);
}

const notEncoded = "A parameter is not properly encoded";
const sendAForm = "Send the parameters as application/x-www-form-urlencoded";
const deadGrant = "The code or refresh token is wrong, used, expired or revoked";
const badClient = "The application is unknown or did not prove who it is";

const missingId: Said = {
  twitch: [400, "missing client id"],
  kraken: [400, "No client id specified"],
  rfc6749: [401, "invalid_client", "The parameter client_id is missing"],
};
const invalidRequest = (description: string): Said => ({
  twitch: [400, description],
  rfc6749: [400, "invalid_request", description],
});
const repeated = (name: string): Said => invalidRequest(`The parameter ${name} was sent more than once`);
const missing = (name: string): Said => invalidRequest(`The parameter ${name} is missing`);
const unknownClient: Said = { twitch: [400, "invalid client"], rfc6749: [401, "invalid_client", badClient] };
const noSecret: Said = { twitch: [400, "missing client secret"], rfc6749: [401, "invalid_client", badClient] };
const wrongSecret: Said = { twitch: [403, "invalid client secret"], rfc6749: [401, "invalid_client", badClient] };
const deadCode: Said = { twitch: [400, "Invalid authorization code"], rfc6749: [400, "invalid_grant", deadGrant] };
const deadRefresh: Said = { twitch: [400, "Invalid refresh token"], rfc6749: [400, "invalid_grant", deadGrant] };
const elsewhere: Said = {
  twitch: [400, "Parameter redirect_uri does not match registered URI"],
  rfc6749: [400, "invalid_grant", deadGrant],
};
const unsupported: Said = {
  twitch: [400, "This grant_type is not supported"],
  rfc6749: [400, "unsupported_grant_type", "This grant_type is not supported"],
};

const form = { "content-type": "application/x-www-form-urlencoded" };

function fieldsOf({ app }: Pick<Stage, "app">, changes: Fields): string {
  const all: Fields = {
    grant_type: "authorization_code",
    client_id: app.clientId,
    client_secret: app.clientSecret,
    code: `cgc_${"A".repeat(64)}`,
    redirect_uri: redirectUri,
    ...changes,
  };
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return new URLSearchParams(given).toString();
}

const asRefresh: Fields = { grant_type: "refresh_token", code: undefined, redirect_uri: undefined };

describe.each(surfaces)("the token endpoint, $name", (surface) => {
  const path = `${surface.prefix}/token`;

  it.each<[string, Fields, Said]>([
    ["no client id", { client_id: undefined }, missingId],
    ["an empty client id", { client_id: "" }, missingId],
    ["an unknown client", { client_id: "nobody" }, unknownClient],
    ["no secret", { client_secret: undefined }, noSecret],
    ["an empty secret", { client_secret: "" }, noSecret],
    ["a wrong secret", { client_secret: "wrong" }, wrongSecret],
    ["no grant type", { grant_type: undefined }, missing("grant_type")],
    ["an empty grant type", { grant_type: "" }, missing("grant_type")],
    ["the password grant", { grant_type: "password", username: "ada", password: "x" }, unsupported],
    ["a grant type in capitals", { grant_type: "AUTHORIZATION_CODE" }, unsupported],
    ["a grant type named like a property of objects", { grant_type: "constructor" }, unsupported],
    ["no code", { code: undefined }, missing("code")],
    ["an empty code", { code: "" }, missing("code")],
    ["a code that is none of ours", { code: "abc" }, deadCode],
    ["a code of the right form that is none of ours", {}, deadCode],
    ["a very long code", { code: "c".repeat(20_000) }, deadCode],
    ["a code outside ASCII", { code: "é".repeat(68) }, deadCode],
    ["no refresh token", asRefresh, missing("refresh_token")],
    ["an empty refresh token", { ...asRefresh, refresh_token: "" }, missing("refresh_token")],
    ["a refresh token that is none of ours", { ...asRefresh, refresh_token: "abc" }, deadRefresh],
    [
      "a verifier that is too short",
      { code_verifier: "short" },
      invalidRequest("A code_verifier has 43 to 128 visible ASCII characters"),
    ],
    [
      "a resource that is no address",
      { resource: "api" },
      {
        twitch: [400, "A resource must be an absolute URI without a fragment"],
        rfc6749: [400, "invalid_target", "A resource must be an absolute URI without a fragment"],
      },
    ],
  ])("answers %s", async (_, changes, said) => {
    expectSaid(await postText(on.platform, path, fieldsOf(on, changes)), surface, said);
  });

  it.each([
    "grant_type",
    "client_id",
    "client_secret",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
  ])("TP-05: answers %s sent twice, also with the same value", async (name) => {
    const all = fieldsOf(on, { code_verifier: codeVerifier, refresh_token: "x", scope: "x" });
    const value = new URLSearchParams(all).get(name) ?? "";
    const body = `${all}&${new URLSearchParams({ [name]: value })}`;
    expectSaid(await postText(on.platform, path, body), surface, repeated(name));
  });

  it.each<[string, string, Readonly<Record<string, string>>, Said]>([
    [
      "TP-07: JSON",
      JSON.stringify({ grant_type: "authorization_code", client_id: "x", code: "y" }),
      { "content-type": "application/json" },
      invalidRequest(sendAForm),
    ],
    [
      "TP-08: a body without a type",
      "grant_type=authorization_code",
      { "content-type": "" },
      invalidRequest(sendAForm),
    ],
    ["TP-08: text", "grant_type=authorization_code", { "content-type": "text/plain" }, invalidRequest(sendAForm)],
    [
      "TP-08: a type of semicolons",
      "grant_type=authorization_code",
      { "content-type": ";;;" },
      invalidRequest(sendAForm),
    ],
    [
      "TP-08: a type that only begins like a form's",
      "grant_type=authorization_code",
      { "content-type": "application/x-www-form-urlencodedX" },
      invalidRequest(sendAForm),
    ],
    [
      "TP-08: a form in UTF-16",
      Buffer.from("grant_type=authorization_code", "utf16le").toString("latin1"),
      { "content-type": "application/x-www-form-urlencoded; charset=utf-16" },
      invalidRequest(notEncoded),
    ],
    ["TP-12: nothing at all", "", form, missingId],
    ["TP-13: a NUL in the code", "client_id=x&code=a%00b", form, invalidRequest(notEncoded)],
    ["TP-13: a NUL in the client id", "client_id=a%00b", form, invalidRequest(notEncoded)],
    ["TP-13: broken percent-encoding", "client_id=%zz", form, invalidRequest(notEncoded)],
    ["TP-13: bytes that are no UTF-8", "client_id=%ff%fe", form, invalidRequest(notEncoded)],
    ["TP-13: half a surrogate pair", "client_id=%ed%a0%80", form, invalidRequest(notEncoded)],
    ["TP-14: 10,000 parameters", "x=y&".repeat(10_000), form, invalidRequest("The request is too long")],
    ["TP-14: 100 parameters", "x=y&".repeat(100), form, invalidRequest("The request has too many parameters")],
    ["TP-14: 60,000 characters", `x=${"y".repeat(60_000)}`, form, invalidRequest("The request is too long")],
  ])("answers %s", async (_, body, headers, said) => {
    expectSaid(await postText(on.platform, path, body, headers), surface, said);
  });

  it.each(["code[]=x", "code[a]=x", "__proto__[admin]=1", "constructor[prototype][x]=1", "__proto__=1"])(
    "TP-06: takes %s for an unknown name",
    async (text) => {
      const answer = await postText(on.platform, path, `${fieldsOf(on, { code: undefined })}&${text}`);
      expectSaid(answer, surface, missing("code"));
      expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
    },
  );

  it.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "post"])("answers %s", async (method) => {
    const answer = await send(on.platform.server, `${path}?${fieldsOf(on, {})}`, { method });
    expectSaid(answer, surface, {
      twitch: [404, "Send a POST request"],
      rfc6749: [405, "invalid_request", "Send a POST request"],
    });
  });

  it("answers a code sent to another redirect URI", async () => {
    const code = await codeOn(surface, on, { state: "elsewhere" });
    const fields = { code, redirect_uri: "http://localhost/", code_verifier: codeVerifier };
    expectSaid(await postText(on.platform, path, fieldsOf(on, fields)), surface, elsewhere);
  });

  it("answers a code and a refresh token of another application", async () => {
    const theirs = { ...on, app: other };
    const code = await codeOn(surface, theirs);
    const said = await postText(on.platform, path, fieldsOf(on, { code, code_verifier: codeVerifier }));
    expectSaid(said, surface, deadCode);
    const { refresh: refreshToken } = await tokensOn(surface, theirs);
    expectSaid(await refresh(on.platform, on.app, refreshToken, {}, path), surface, deadRefresh);
    expectSaid(await refresh(on.platform, on.app, code, {}, path), surface, deadRefresh);
  });
});

describe("where a dialect lets parameters stand", () => {
  const multipart = (fields: string): [body: string, type: string] => {
    const parts = [...new URLSearchParams(fields)].map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return [`${parts.join("")}--b--\r\n`, "multipart/form-data; boundary=b"];
  };

  it.each([onTwitch, onKraken])("TP-10: in the query, as Twitch's own clients send them, $name", async (surface) => {
    const fields = fieldsOf(on, { code: await codeOn(surface, on, { state: "query" }), code_verifier: codeVerifier });
    expect((await send(on.platform.server, `${surface.prefix}/token?${fields}`, { method: "POST" })).status).toBe(200);
  });

  it.each([onTwitch, onKraken])("TP-05: never one name in two places, $name", async (surface) => {
    const fields = fieldsOf(on, {});
    const answer = await postText(on.platform, `${surface.prefix}/token?client_id=${on.app.clientId}`, fields);
    expectSaid(answer, surface, repeated("client_id"));
  });

  it.each([onTwitch, onKraken])("TP-08: as multipart, as twitch-cli sends them, $name", async (surface) => {
    const [body, type] = multipart(
      fieldsOf(on, { code: await codeOn(surface, on, { state: "parts" }), code_verifier: codeVerifier }),
    );
    expect((await postText(on.platform, `${surface.prefix}/token`, body, { "content-type": type })).status).toBe(200);
  });

  it("TP-08: not as multipart in RFC 6749", async () => {
    const [body, type] = multipart(fieldsOf(on, {}));
    expectSaid(
      await postText(on.platform, "/oauth/token", body, { "content-type": type }),
      onRfc6749,
      invalidRequest(sendAForm),
    );
  });

  it.each([
    "--b",
    "--b\r\n\r\n",
    "",
    "multipart without a boundary",
    `--b\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\nx\r\n--b--`,
  ])("TP-08: broken multipart %j is refused", async (body) => {
    const answer = await postText(on.platform, "/oauth2/token", body, {
      "content-type": "multipart/form-data; boundary=b",
    });
    expect([answer.status, answer.header("content-type")]).toEqual([400, "application/json"]);
  });

  it("TP-10: not in the query in RFC 6749, with an empty body and with half of it", async () => {
    const fields = fieldsOf(on, {});
    expectSaid(await send(on.platform.server, `/oauth/token?${fields}`, { method: "POST" }), onRfc6749, missingId);
    const half = await postText(on.platform, "/oauth/token?code=x", fieldsOf(on, { code: undefined }));
    expectSaid(half, onRfc6749, missing("code"));
  });
});

describe("what every answer of the token endpoint keeps to itself", () => {
  it.each(surfaces)("TP-18: nothing that was sent stands in it or in the log, $name", async (surface) => {
    on.platform.logged.length = 0;
    const marked = { code: "MARKER-code", client_secret: "MARKER-secret", redirect_uri: "https://MARKER.example/" };
    for (const changes of [
      marked,
      { ...marked, client_secret: on.app.clientSecret },
      { ...asRefresh, refresh_token: "MARKER-token" },
    ]) {
      const answer = await postText(
        on.platform,
        `${surface.prefix}/token`,
        fieldsOf(on, { ...changes, extra: "MARKER" }),
      );
      expect(answer.body + answer.headers.join()).not.toContain("MARKER");
    }
    expect(JSON.stringify(on.platform.logged)).not.toContain("MARKER");
  });
});
