import * as fc from "fast-check";
import type { Sent } from "../visitor.ts";

export interface AnyRequest {
  readonly target: string;
  readonly sent: Sent;
  /** Takes the anti-forgery token of the page at the target first, as a person would who then types nonsense. */
  readonly fillsForm: boolean;
}

/** What requests are made of: right things in wrong places, and nonsense. */
export interface Stuff {
  readonly paths: readonly string[];
  /** Values that are right somewhere: client ids, redirect URIs, tokens, codes, scopes. */
  readonly values: readonly string[];
  readonly cookies: readonly string[];
  /** Requests with everything right, of which a little is changed. */
  readonly right: readonly RightRequest[];
}

export interface RightRequest {
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A mark that no page may hold as it stands. */
export const markup = "\"'><script>alert(1)</script>";

const names = [
  ..."response_type client_id redirect_uri scope scopes state code_challenge code_challenge_method resource prompt".split(
    " ",
  ),
  ..."force_verify grant_type code code_verifier refresh_token client_secret token token_type_hint device_code".split(
    " ",
  ),
  ..."user_code decision login password new_password csrf form action application name redirect_uris type link".split(
    " ",
  ),
  ..."after disconnected created nonce display claims request request_uri response_mode login_hint max_age".split(" "),
  "__proto__",
  "constructor",
  "scope[]",
  "",
];

const words = [
  ..."code token none login consent select_account S256 plain true false approve decline authorization_code".split(" "),
  ..."refresh_token client_credentials password implicit disconnect register end confidential public openid".split(" "),
  "urn:ietf:params:oauth:grant-type:device_code",
  "offline_access",
  "user:read:email",
  "https://evil.example/cb",
  "//evil.example",
  "javascript:alert(1)",
  "\\evil.example",
  "https://client.example.com/cb@evil.example",
  "https://client.example.com.evil.example/cb",
  markup,
  "\r\nSet-Cookie: a=b",
  "%00",
  "%",
  "%ff%fe",
  "+",
  "0",
  "-1",
  "1e309",
  "9007199254740993",
];

const methods = ["GET", "POST", "POST", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "get", "TRACE"];

const headerNames = [
  ..."content-type authorization cookie origin sec-fetch-site sec-fetch-mode accept accept-language host".split(" "),
  ..."x-forwarded-for x-forwarded-proto x-forwarded-host client-id content-length content-encoding referer".split(" "),
  ..."access-control-request-method access-control-request-headers if-none-match range transfer-encoding".split(" "),
];

const contentTypes = [
  "application/x-www-form-urlencoded",
  "application/x-www-form-urlencoded; charset=utf-16",
  "application/json",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "text/plain",
];

export function anyRequest(stuff: Stuff): fc.Arbitrary<AnyRequest> {
  return fc.oneof(wildRequest(stuff), nearlyRight(stuff));
}

const bytes = fc.string({ unit: "binary", maxLength: 80 }).map((text) => Buffer.from(text).toString("latin1"));

function anyValue(values: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...values) },
    { weight: 3, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: fc.constantFrom(...values).chain(bent) },
    { weight: 1, arbitrary: bytes },
    { weight: 1, arbitrary: fc.constantFrom("A".repeat(5_000), "é".repeat(700), "") },
  );
}

/** A right request with a few fields changed, added or left out. */
function nearlyRight({ right, values, cookies }: Stuff): fc.Arbitrary<AnyRequest> {
  const changes = fc.array(fc.tuple(fc.nat(20), fc.option(anyValue(values), { nil: undefined })), { maxLength: 2 });
  const more = fc.array(fc.tuple(fc.constantFrom(...names), anyValue(values)), { maxLength: 1 });
  const cookie = fc.constantFrom(...cookies);
  return fc
    .tuple(fc.constantFrom(...right), changes, more, cookie, fc.boolean())
    .map(([{ path, method, fields, headers }, changed, added, kept, fillsForm]) => {
      const pairs = Object.entries(fields).map(([name, text], i): [string, string | undefined] => {
        const change = changed.find(([at]) => at === i);
        return [name, change === undefined ? text : change[1]];
      });
      const sent = [...pairs, ...added].filter((pair): pair is [string, string] => pair[1] !== undefined);
      const text = new URLSearchParams(sent).toString();
      const all = { "content-type": contentTypes[0] ?? "", cookie: kept, ...headers };
      return method === "GET"
        ? { target: `${path}?${text}`, sent: { method, headers: all }, fillsForm }
        : { target: path, sent: { method, body: text, headers: all }, fillsForm };
    });
}

function wildRequest({ paths, values, cookies }: Stuff): fc.Arbitrary<AnyRequest> {
  const pairs = fc.array(fc.tuple(fc.constantFrom(...names), anyValue(values)), { maxLength: 9 });
  const form = pairs.map((all) => new URLSearchParams(all.map(([name, text]) => [name, text])).toString());
  const text = fc.oneof({ weight: 6, arbitrary: form }, { weight: 1, arbitrary: bytes });
  const json = fc.oneof(fc.json(), fc.constantFrom("{", "[]", "null", '{"__proto__":{"a":1}}'));
  const headers = fc.array(fc.tuple(fc.constantFrom(...headerNames), headerValue(values, cookies)), {
    maxLength: 4,
  });
  const type = fc.option(fc.constantFrom(...contentTypes), { nil: contentTypes[0] ?? "" });
  return fc
    .record({
      path: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...paths) },
        { weight: 1, arbitrary: bytes.map((b) => `/${b}`) },
      ),
      query: text,
      method: fc.constantFrom(...methods),
      type,
      headers,
      body: fc.oneof(
        { weight: 5, arbitrary: text },
        { weight: 1, arbitrary: multipart(pairs) },
        { weight: 1, arbitrary: json },
      ),
      fillsForm: fc.boolean(),
    })
    .map(({ path, query, method, type: contentType, headers: others, body, fillsForm }) => ({
      target: query === "" ? path : `${path}?${query}`,
      sent: { method, body, headers: { "content-type": contentType, ...Object.fromEntries(others) } },
      fillsForm,
    }));
}

/** One character of it changed, cut off or doubled. */
function bent(text: string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(Math.max(0, text.length - 1)), fc.constantFrom("", "A", "_", "%", text))
    .map(([at, put]) => text.slice(0, at) + put + text.slice(at + 1));
}

function headerValue(values: readonly string[], cookies: readonly string[]): fc.Arbitrary<string> {
  const basic = fc
    .tuple(fc.constantFrom(...values), fc.constantFrom(...values))
    .map(([id, secret]) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`);
  const bearer = fc.tuple(fc.constantFrom("Bearer", "OAuth", "Basic", ""), fc.constantFrom(...values));
  return fc.oneof(
    basic,
    bearer.map((parts) => parts.join(" ")),
    fc.constantFrom("null", "https://evil.example", "http://localhost:8080", "same-origin", "cross-site", "https", "*"),
    fc.constantFrom(...cookies),
    bytes,
  );
}

function multipart(pairs: fc.Arbitrary<[string, string][]>): fc.Arbitrary<string> {
  return pairs.map((all) => {
    const parts = all.map(([name, text]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`);
    return `${parts.join("")}--x--`;
  });
}
