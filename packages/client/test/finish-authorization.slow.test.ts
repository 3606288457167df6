import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ConnectionError,
  createCallbackMemory,
  FlowError,
  finishAuthorization,
  isConnectionError,
  type PendingAuthorization,
  type Provider,
  revealTokens,
} from "../src/index.ts";
import {
  client,
  clientId,
  now,
  pending,
  provider,
  redirectUri,
  startedAt,
  strictProvider,
  thrownBy,
  tokenBody,
} from "./fixtures.ts";
import { json, serve } from "./loopback.ts";

const code = "gulfwdmys5lsm6qyz4xiz9q32l10";

type Query = Readonly<Record<string, string>>;

function callbackUrl(query: Query | string): string {
  return `${redirectUri}?${typeof query === "string" ? query : new URLSearchParams(query).toString()}`;
}

/** Finishes against a server that would give tokens, and tells how often it was asked. */
async function finish(
  query: (record: PendingAuthorization) => Query | string,
  { where = provider(), record = pending() }: { where?: Provider; record?: PendingAuthorization | undefined } = {},
): Promise<{ result?: unknown; error?: ConnectionError; tokenRequests: number }> {
  let tokenRequests = 0;
  const fetch = async (): Promise<Response> => {
    tokenRequests += 1;
    return Response.json(tokenBody);
  };
  const address = callbackUrl(query(record));
  try {
    const result = await finishAuthorization(where, client, record, address, { fetch, now });
    return { result, tokenRequests };
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    return { error, tokenRequests };
  }
}

describe("the user approves", () => {
  it("and the application holds tokens", async () => {
    const server = await serve((_request, response) => json(response, 200, tokenBody));
    const record = pending();
    const address = callbackUrl({ code, scope: "user:read:email", state: record.state });
    const result = await finishAuthorization(provider(server), client, record, address, { now });
    expect(result.status).toBe("approved");
    if (result.status === "declined") throw result.error;
    expect(revealTokens(result.tokens)).toEqual({
      accessToken: tokenBody.access_token,
      refreshToken: tokenBody.refresh_token,
      scopes: ["user:read:email"],
      expiresAt: startedAt + 60 + 14_124,
      tokenType: "bearer",
      receivedAt: startedAt + 60,
    });
    expect(Object.fromEntries(server.received[0]?.form ?? [])).toEqual({
      client_id: clientId,
      client_secret: client.clientSecret,
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
    });
  });

  it("and the verifier of this flow goes with the code", async () => {
    const server = await serve((_request, response) => json(response, 200, tokenBody));
    const where = strictProvider(server);
    const record = pending({ issuer: "https://provider.example", codeVerifier: "v".repeat(43) });
    const address = callbackUrl({ code, state: record.state, iss: "https://provider.example" });
    await finishAuthorization(where, client, record, address, { now });
    expect(server.received[0]?.form.get("code_verifier")).toBe("v".repeat(43));
  });

  it.each<[string, (url: string) => string | URL | { url: string }]>([
    ["a whole address", (url) => url],
    ["a URL", (url) => new URL(url)],
    ["a Request", (url) => new Request(url)],
    ["the path a server sees", (url) => ({ url: url.slice("https://app.example".length) })],
    ["an address with a fragment that the provider left", (url) => `${url}#_=_`],
  ])("and the callback may be given as %s", async (_form, given) => {
    const record = pending();
    const fetch = async (): Promise<Response> => Response.json(tokenBody);
    const callback = given(callbackUrl({ code, state: record.state }));
    await expect(finishAuthorization(provider(), client, record, callback, { fetch, now })).resolves.toMatchObject({
      status: "approved",
    });
  });
});

describe("the user declines", () => {
  it("which is a result and no exception, and nothing is sent", async () => {
    const { result, tokenRequests } = await finish(({ state }) => ({
      error: "access_denied",
      error_description: "The user denied you access",
      state,
    }));
    expect(result).toMatchObject({
      status: "declined",
      error: { code: "access_denied", description: "The user denied you access", provider: "example", actor: "user" },
    });
    expect(tokenRequests).toBe(0);
  });

  it("and a second visit says the same", async () => {
    const record = pending();
    const query = { error: "access_denied", state: record.state };
    const first = await finish(() => query, { record });
    const second = await finish(() => query, { record });
    expect(second.result).toMatchObject({ status: "declined" });
    expect(first.tokenRequests + second.tokenRequests).toBe(0);
  });
});

interface BadCallback {
  readonly name: string;
  readonly query: (record: PendingAuthorization) => Query | string;
  readonly code: string;
  readonly actor: string;
  readonly where?: Provider;
  readonly record?: PendingAuthorization;
}

const issuer = "https://provider.example";
const strictRecord = (): PendingAuthorization => pending({ issuer, codeVerifier: "v".repeat(43) });

const badCallbacks: readonly BadCallback[] = [
  {
    name: "CC-01: a wrong state",
    query: () => ({ code, state: "x".repeat(43) }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
  {
    name: "CC-01: a state in other case",
    query: ({ state }) => ({ code, state: state.toUpperCase() }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
  {
    name: "CC-01: a state with more behind it",
    query: ({ state }) => ({ code, state: `${state}x` }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
  { name: "CC-26: no state", query: () => ({ code }), code: "ERR_STATE_MISMATCH", actor: "user" },
  { name: "CC-26: an empty state", query: () => ({ code, state: "" }), code: "ERR_STATE_MISMATCH", actor: "user" },
  {
    name: "CC-05: a refusal without a state",
    query: () => ({ error: "access_denied" }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
  {
    name: "CC-05: a refusal with a wrong state",
    query: () => ({ error: "access_denied", state: "x".repeat(43) }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
  {
    name: "CC-06: code and error together",
    query: ({ state }) => ({ code, error: "access_denied", state }),
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  {
    name: "CC-06: code twice",
    query: ({ state }) => `code=${code}&code=other&state=${state}`,
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  {
    name: "CC-06: state twice",
    query: ({ state }) => `code=${code}&state=${state}&state=${state}`,
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  {
    name: "CC-06: iss twice",
    query: ({ state }) => `code=${code}&state=${state}&iss=a&iss=b`,
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  {
    name: "CC-06: error twice",
    query: ({ state }) => `error=access_denied&error=server_error&state=${state}`,
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  { name: "neither code nor error", query: ({ state }) => ({ state }), code: "ERR_CALLBACK_INCOMPLETE", actor: "user" },
  {
    name: "an empty code",
    query: ({ state }) => ({ code: "", state }),
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  { name: "nothing at all", query: () => "", code: "ERR_CALLBACK_INCOMPLETE", actor: "user" },
  {
    name: "broken percent-encoding",
    query: ({ state }) => `code=%zz&state=${state}`,
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  {
    name: "CC-24: a query of a megabyte",
    query: ({ state }) => ({ code: "x".repeat(1_048_576), state }),
    code: "ERR_CALLBACK_INCOMPLETE",
    actor: "user",
  },
  {
    name: "CC-03: another server's issuer",
    query: ({ state }) => ({ code, state, iss: "https://evil.example" }),
    where: strictProvider(),
    record: strictRecord(),
    code: "ERR_ISSUER_MISMATCH",
    actor: "developer",
  },
  {
    name: "CC-03: an issuer with a slash more",
    query: ({ state }) => ({ code, state, iss: `${issuer}/` }),
    where: strictProvider(),
    record: strictRecord(),
    code: "ERR_ISSUER_MISMATCH",
    actor: "developer",
  },
  {
    name: "CC-03: no issuer although promised",
    query: ({ state }) => ({ code, state }),
    where: strictProvider(),
    record: strictRecord(),
    code: "ERR_ISSUER_MISMATCH",
    actor: "developer",
  },
  {
    name: "CC-03: an issuer nobody can compare",
    query: ({ state }) => ({ code, state, iss: issuer }),
    code: "ERR_ISSUER_MISMATCH",
    actor: "developer",
  },
  {
    name: "CC-03: a refusal from another issuer",
    query: ({ state }) => ({ error: "access_denied", state, iss: "https://evil.example" }),
    where: strictProvider(),
    record: strictRecord(),
    code: "ERR_ISSUER_MISMATCH",
    actor: "developer",
  },
  {
    name: "CC-23: a record of another provider",
    query: ({ state }) => ({ code, state }),
    record: pending({ provider: "other" }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
  {
    name: "CC-23: a record of another client",
    query: ({ state }) => ({ code, state }),
    record: pending({ clientId: "other" }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
  {
    name: "CC-23: a record of another issuer",
    query: ({ state }) => ({ code, state }),
    record: pending({ issuer: "https://other.example" }),
    code: "ERR_ISSUER_MISMATCH",
    actor: "developer",
  },
  {
    name: "a login begun more than an hour ago",
    query: ({ state }) => ({ code, state }),
    record: pending({ startedAt: startedAt - 3_600 }),
    code: "ERR_STATE_MISMATCH",
    actor: "user",
  },
];

describe("a callback that is not the answer sends nothing, and leaves the right one as good as before", () => {
  it.each(badCallbacks)("$name", async ({ query, code: expected, actor, where = provider(), record = pending() }) => {
    const bad = await finish(query, { where, record });
    expect(bad.error).toMatchObject({ code: expected, actor, provider: "example", retryable: false });
    expect(bad.tokenRequests).toBe(0);
    const fits = record.provider === "example" && record.clientId === clientId && record.issuer === where.issuer;
    if (!fits || record.startedAt < startedAt) return;
    const good = { code, state: record.state, ...(where.issuerInCallback ? { iss: issuer } : {}) };
    const { result, tokenRequests } = await finish(() => good, { where, record });
    expect(result).toMatchObject({ status: "approved" });
    expect(tokenRequests).toBe(1);
  });

  it("CC-25: a browser that has no login under way", async () => {
    const error = await thrownBy(
      finishAuthorization(provider(), client, undefined, callbackUrl({ code, state: "x" }), { now }),
    );
    expect(error).toBeInstanceOf(FlowError);
    expect(error).toMatchObject({ code: "ERR_STATE_MISMATCH", actor: "user" });
  });

  it("says what the provider complained of, though it came without a state", async () => {
    const { error } = await finish(() => ({
      error: "redirect_mismatch",
      error_description: "Parameter redirect_uri does not match registered URI",
    }));
    expect(error?.code).toBe("ERR_STATE_MISMATCH");
    expect(error?.hint).toContain(`byte for byte, port and trailing slash included: ${redirectUri}`);
  });

  it("never throws anything but a ConnectionError, whatever the address holds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const error = await thrownBy(finishAuthorization(provider(), client, pending(), `?${text}`, { now }));
        expect(isConnectionError(error)).toBe(true);
      }),
    );
  });
});

describe("CC-26: no check is skipped because a value is missing from the record", () => {
  it.each<[string, Partial<Record<keyof PendingAuthorization, unknown>>, Provider]>([
    ["no state", { state: undefined }, provider()],
    ["an empty state", { state: "" }, provider()],
    ["a state that can be guessed", { state: "12345" }, provider()],
    ["no verifier, though the provider has PKCE", { issuer }, strictProvider()],
  ])("%s is the caller's mistake", async (_what, change, where) => {
    const record = { ...pending(), ...change } as PendingAuthorization;
    const address = callbackUrl({ code, state: record.state ?? "", iss: issuer });
    expect(await thrownBy(finishAuthorization(where, client, record, address, { now }))).toBeInstanceOf(TypeError);
  });
});

describe("every other error the server can send to the callback is thrown, with what to do", () => {
  it.each([
    ["invalid_request", "developer", /did not understand/],
    ["unauthorized_client", "developer", /registered/],
    ["unsupported_response_type", "developer", /authorize endpoint/],
    ["invalid_scope", "developer", /one of the scopes/],
    ["server_error", "nobody", /trouble of its own/],
    ["temporarily_unavailable", "nobody", /trouble of its own/],
    ["redirect_mismatch", "developer", /Register exactly this redirect URI at Example/],
    ["consent_required", "user", /prompt=none/],
    ["login_required", "user", /prompt=none/],
    ["invalid_target", "developer", /resource/],
    ["something_of_its_own", "developer", /documentation/],
  ])("%s", async (errorCode, actor, hint) => {
    const { error, tokenRequests } = await finish(({ state }) => ({ error: errorCode, state }));
    expect(error).toMatchObject({ code: errorCode, actor, retryable: false });
    expect(error?.hint).toMatch(hint);
    expect(tokenRequests).toBe(0);
  });

  it("CC-18: a description keeps no character that could leave its line", async () => {
    const { error } = await finish(({ state }) => ({
      error: "invalid_request",
      error_description: 'a"b\\c\u2028d',
      state,
    }));
    expect(error?.message).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe("CC-10: the same callback a second time", () => {
  const counted = (answer: () => Response = () => Response.json(tokenBody)) => {
    const calls = { count: 0 };
    const fetch = async (): Promise<Response> => {
      calls.count += 1;
      return answer();
    };
    return { calls, fetch };
  };

  it("ends in the same tokens, after one token request", async () => {
    const { calls, fetch } = counted();
    const record = pending();
    const address = callbackUrl({ code, state: record.state });
    const first = await finishAuthorization(provider(), client, record, address, { fetch, now });
    const second = await finishAuthorization(provider(), client, JSON.parse(JSON.stringify(record)), address, {
      fetch,
      now,
    });
    expect(second).toEqual(first);
    expect(calls.count).toBe(1);
  });

  it("also twenty times at once", async () => {
    const { calls, fetch } = counted();
    const record = pending();
    const address = callbackUrl({ code, state: record.state });
    const visits = Array.from({ length: 20 }, () =>
      finishAuthorization(provider(), client, record, address, { fetch, now }),
    );
    const results = await Promise.all(visits);
    expect(new Set(results.map((result) => (result.status === "approved" ? result.tokens : undefined))).size).toBe(1);
    expect(calls.count).toBe(1);
  });

  it("ends in the same refusal, without asking again, when the code was refused", async () => {
    const { calls, fetch } = counted(() =>
      Response.json({ status: 400, message: "Invalid authorization code" }, { status: 400 }),
    );
    const record = pending();
    const address = callbackUrl({ code, state: record.state });
    const visits = [0, 1].map(() => thrownBy(finishAuthorization(provider(), client, record, address, { fetch, now })));
    for (const error of await Promise.all(visits)) {
      expect(error).toMatchObject({ code: "invalid_grant", reason: "code_invalid", actor: "user", retryable: false });
    }
    await thrownBy(finishAuthorization(provider(), client, record, address, { fetch, now }));
    expect(calls.count).toBe(1);
  });

  it("is a new try after the network failed", async () => {
    let isBroken = true;
    const fetch = async (): Promise<Response> => {
      if (isBroken) throw new TypeError("fetch failed");
      return Response.json(tokenBody);
    };
    const record = pending();
    const address = callbackUrl({ code, state: record.state });
    const error = await thrownBy(finishAuthorization(provider(), client, record, address, { fetch, now }));
    expect(error).toMatchObject({ code: "ERR_NETWORK", retryable: true });
    isBroken = false;
    const result = await finishAuthorization(provider(), client, record, address, { fetch, now });
    expect(result.status).toBe("approved");
  });

  it("with another code, verifier, secret or client is another callback", async () => {
    const { calls, fetch } = counted();
    const where = provider({ pkce: "ok" });
    const record = pending({ codeVerifier: "v".repeat(43) });
    const address = callbackUrl({ code, state: record.state });
    await finishAuthorization(where, client, record, address, { fetch, now });
    await finishAuthorization(where, client, record, callbackUrl({ code: "other", state: record.state }), {
      fetch,
      now,
    });
    await finishAuthorization(where, client, { ...record, codeVerifier: "w".repeat(43) }, address, { fetch, now });
    await finishAuthorization(where, { clientId, clientSecret: "another" }, record, address, { fetch, now });
    expect(calls.count).toBe(4);
  });

  it("gets nothing with a wrong state, though the right one was finished", async () => {
    const { fetch } = counted();
    const record = pending();
    await finishAuthorization(provider(), client, record, callbackUrl({ code, state: record.state }), { fetch, now });
    const stranger = pending();
    const error = await thrownBy(
      finishAuthorization(provider(), client, stranger, callbackUrl({ code, state: record.state }), { fetch, now }),
    );
    expect(error).toMatchObject({ code: "ERR_STATE_MISMATCH" });
  });
});

describe("the memory of finished callbacks", () => {
  const memory = (maximumCount: number, lifetimeSeconds = 600) =>
    createCallbackMemory<number>({ maximumCount, lifetimeSeconds, isWorthAnotherTry: () => false });

  it("keeps no more than its limit and forgets the oldest first", async () => {
    const few = memory(2);
    let started = 0;
    const start = async (): Promise<number> => ++started;
    for (const key of ["a", "b", "c"]) await few.once(key, 0, start);
    expect(await few.once("c", 0, start)).toBe(3);
    expect(await few.once("b", 0, start)).toBe(2);
    expect(await few.once("a", 0, start)).toBe(4);
  });

  it("forgets after its time", async () => {
    const few = memory(10, 600);
    let started = 0;
    const start = async (): Promise<number> => ++started;
    await few.once("a", 0, start);
    expect(await few.once("a", 599, start)).toBe(1);
    expect(await few.once("a", 600, start)).toBe(2);
  });
});

describe("a client without a secret", () => {
  it("sends its id alone", async () => {
    const server = await serve((_request, response) => json(response, 200, tokenBody));
    const where = strictProvider({ ...server, issuerInCallback: false });
    const record = pending({ issuer, codeVerifier: "v".repeat(43) });
    await finishAuthorization(where, { clientId }, record, callbackUrl({ code, state: record.state }), { now });
    const asked = server.received;
    expect(asked[0]?.headers.authorization).toBeUndefined();
    expect(asked[0]?.form.get("client_id")).toBe(clientId);
    expect(asked[0]?.form.has("client_secret")).toBe(false);
  });

  it("is told about the device flow where codes need a secret, before anything is sent", async () => {
    const record = pending();
    const address = callbackUrl({ code, state: record.state });
    const fetch = async (): Promise<Response> => Response.json(tokenBody);
    const promise = finishAuthorization(provider({ codeNeedsSecret: true }), { clientId }, record, address, {
      fetch,
      now,
    });
    expect(String(await thrownBy(promise))).toMatch(/TypeError: .*device flow/);
  });
});
