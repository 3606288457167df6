import { afterAll, describe, expect, it } from "vitest";
import { type FaultName, type FaultOptions, faultNames, type TestProviderOptions } from "../src/index.ts";
import { play, type Scene, type Seen } from "./fault-scenes.ts";

// Every fault of the testing kit against our own client: what the application is told, in which state the connection
// is then, and what becomes of it once the provider behaves.

/** A provider that ends everything when a refresh token comes twice. */
const strict: Cast = { test: { refresh: { rotates: "always", onReuse: "ends_grant", graceSeconds: 0 } } };
/** One that keeps to RFC 6749 and names itself in its callbacks. */
const named: Cast = { provider: "codegrant-rfc6749" };
const slack: Cast = { provider: "slack" };

interface Cast {
  readonly provider?: string;
  readonly test?: TestProviderOptions;
  readonly options?: FaultOptions;
}

type Expected = { readonly [Column in keyof Seen]?: Seen[Column] | RegExp };

type Row = readonly [Scene, FaultName, Cast, Expected];

const both = "approved, chat:read+chat:edit";
const network = /Check the address, the network and the proxy/;
const trouble = /has trouble of its own\. Keep what you have/;
const wait = /Wait a little and try again/;
const notTheirs = /no proxy answers in its place/;
const startAgain = /Start again from the application/;
const again = /Ask the user to log in again/;
const good = "a token for 14400 s";
const later = "a token for 10700 s";
const stillGood = "a token for 60 s";

const rows: readonly Row[] = [
  // A code is good once: whether a reload helps hangs on whether it was exchanged.
  ["login", "answerLost", {}, { outcome: "ERR_NETWORK", hint: network, afterwards: "invalid_grant" }],
  ["login", "requestLost", {}, { outcome: "ERR_NETWORK", hint: network, afterwards: both }],
  ["login", "unreachable", {}, { outcome: "ERR_NETWORK", hint: network, afterwards: both }],
  ["login", "unavailable", {}, { outcome: "ERR_RESPONSE_SHAPE", actor: "nobody", hint: trouble, afterwards: both }],
  ["login", "slowDown", {}, { outcome: "slow_down", actor: "nobody", hint: wait, afterwards: both }],
  ["login", "htmlPage", {}, { outcome: "ERR_RESPONSE_SHAPE", actor: "nobody", hint: trouble, afterwards: both }],
  [
    "login",
    "htmlPage",
    { options: { status: 404 } },
    { outcome: "ERR_RESPONSE_SHAPE", hint: /nothing at this address/ },
  ],
  ["login", "error", {}, { outcome: "invalid_grant", actor: "user", hint: again }],
  ["login", "errorIn200", {}, { outcome: "invalid_grant", actor: "user", hint: again }],
  [
    "login",
    "error",
    { options: { code: "invalid_client" } },
    { outcome: "invalid_client", actor: "developer", hint: /Copy/ },
  ],
  ["login", "emptyBody", {}, { outcome: "ERR_RESPONSE_SHAPE", actor: "operator", hint: notTheirs }],
  ["login", "hugeBody", {}, { outcome: "ERR_RESPONSE_TOO_LARGE", actor: "operator", hint: notTheirs }],
  ["login", "trickle", {}, { outcome: "ERR_TIMEOUT", actor: "nobody", hint: wait, afterwards: "invalid_grant" }],
  ["login", "neverEnds", {}, { outcome: "ERR_TIMEOUT", actor: "nobody", hint: wait, afterwards: "invalid_grant" }],
  ["login", "redirect", {}, { outcome: "ERR_RESPONSE_SHAPE", actor: "operator", hint: notTheirs }],
  [
    "login",
    "redirect",
    { options: { status: 302 } },
    { outcome: "ERR_RESPONSE_SHAPE", actor: "operator", hint: notTheirs },
  ],
  ["login", "scopeArray", named, { outcome: both, state: "active" }],
  ["login", "scopeCommas", {}, { outcome: both, state: "active" }],
  ["login", "scopeCommas", named, { outcome: both, state: "active" }],
  ["login", "scopeMissing", {}, { outcome: "approved, no scope", state: "active" }],
  ["login", "scopeMissing", named, { outcome: both, state: "active" }],
  ["login", "scopeNull", {}, { outcome: "approved, no scope", state: "active" }],
  ["login", "expiresInMissing", {}, { outcome: both, state: "active" }],
  ["login", "expiresInText", {}, { outcome: both, state: "active" }],
  ["login", "expiresInWords", {}, { outcome: both, state: "active" }],
  ["login", "expiresInZero", {}, { outcome: both, state: "expiring" }],
  ["login", "expiresInNegative", {}, { outcome: both, state: "expiring" }],
  ["login", "refreshTokenMissing", {}, { outcome: both, state: "active" }],
  ["login", "refreshTokenEmpty", {}, { outcome: both, state: "active" }],
  ["login", "tokenTypeMissing", {}, { outcome: both, state: "active" }],
  ["login", "formEncoded", {}, { outcome: both, state: "active" }],
  // What comes back to the application is not believed: nothing is sent.
  [
    "login",
    "issWrong",
    named,
    { outcome: "ERR_ISSUER_MISMATCH", actor: "developer", tries: 0, hint: /correct the provider's `issuer`/ },
  ],
  ["login", "issMissing", named, { outcome: "ERR_ISSUER_MISMATCH", tries: 0, hint: /correct the provider's `issuer`/ }],
  ["login", "stateWrong", {}, { outcome: "ERR_STATE_MISMATCH", actor: "user", tries: 0, hint: startAgain }],
  ["login", "stateMissing", {}, { outcome: "ERR_STATE_MISMATCH", tries: 0, hint: startAgain }],

  // Where a refresh token may be sent again, every outage heals by itself.
  ["refresh", "answerLost", {}, { outcome: "ERR_NETWORK", state: "provider_down", hint: network, afterwards: good }],
  ["refresh", "requestLost", {}, { outcome: "ERR_NETWORK", state: "provider_down", hint: network, afterwards: good }],
  ["refresh", "unreachable", {}, { outcome: "ERR_NETWORK", state: "provider_down", hint: network, afterwards: good }],
  [
    "refresh",
    "unavailable",
    {},
    { state: "provider_down", actor: "nobody", tries: 1, hint: trouble, afterwards: good },
  ],
  ["refresh", "unavailable", { options: { status: 429 } }, { state: "provider_down", tries: 1, afterwards: good }],
  ["refresh", "slowDown", {}, { state: "provider_down", tries: 1, hint: wait, afterwards: good }],
  ["refresh", "htmlPage", {}, { state: "provider_down", hint: trouble, afterwards: good }],
  ["refresh", "htmlPage", { options: { status: 403 } }, { state: "provider_down", hint: notTheirs, afterwards: good }],
  ["refresh", "htmlPage", { options: { status: 200 } }, { state: "provider_down", hint: notTheirs, afterwards: good }],
  ["refresh", "emptyBody", {}, { state: "provider_down", hint: notTheirs, afterwards: good }],
  ["refresh", "hugeBody", {}, { state: "provider_down", hint: notTheirs, afterwards: good }],
  ["refresh", "trickle", {}, { outcome: "ERR_TIMEOUT", state: "provider_down", hint: wait, afterwards: good }],
  ["refresh", "neverEnds", {}, { outcome: "ERR_TIMEOUT", state: "provider_down", hint: wait, afterwards: good }],
  ["refresh", "redirect", {}, { state: "provider_down", hint: notTheirs, afterwards: good }],
  // A no is a no, however it is written.
  ["refresh", "error", {}, { outcome: "ERR_LOGIN_NEEDED", state: "needs_login", actor: "user", hint: again }],
  ["refresh", "errorIn200", {}, { outcome: "ERR_LOGIN_NEEDED", state: "needs_login", actor: "user", hint: again }],
  ["refresh", "errorIn200", slack, { outcome: "ERR_LOGIN_NEEDED", state: "needs_login" }],
  ["refresh", "error", { options: { code: "server_error" } }, { state: "provider_down", afterwards: good }],
  ["refresh", "errorIn200", { options: { code: "temporarily_unavailable" }, ...slack }, { state: "provider_down" }],
  // Who fails may have done it before, so at a provider that spends refresh tokens nobody knows.
  ["refresh", "errorIn200", { options: { code: "server_error" }, ...slack }, { state: "ambiguous", tries: 1 }],
  // The application is to blame, not the user: every account of it waits, none is lost.
  [
    "refresh",
    "error",
    { options: { code: "invalid_client" } },
    { state: "client_broken", actor: "developer", hint: /Copy/ },
  ],
  // Odd but readable.
  ["refresh", "scopeArray", named, { state: "active" }],
  ["refresh", "scopeCommas", {}, { outcome: good, state: "active", afterwards: later }],
  ["refresh", "scopeMissing", {}, { outcome: good, state: "active", afterwards: later }],
  ["refresh", "scopeNull", {}, { outcome: good, state: "active", afterwards: later }],
  ["refresh", "expiresInMissing", {}, { outcome: "a token without end", state: "active" }],
  ["refresh", "expiresInText", {}, { outcome: good, state: "active", afterwards: later }],
  ["refresh", "expiresInWords", {}, { outcome: "a token without end", state: "active" }],
  ["refresh", "expiresInZero", {}, { outcome: "a token for 0 s", tries: 1, state: "expiring", afterwards: good }],
  ["refresh", "expiresInNegative", {}, { outcome: "a token for 0 s", tries: 1, state: "expiring", afterwards: good }],
  ["refresh", "refreshTokenMissing", {}, { outcome: good, state: "active", afterwards: later }],
  ["refresh", "refreshTokenEmpty", {}, { outcome: good, state: "active", afterwards: later }],
  ["refresh", "tokenTypeMissing", {}, { outcome: good, state: "active", afterwards: later }],
  ["refresh", "formEncoded", {}, { outcome: good, state: "active", afterwards: later }],

  // Where a second use ends everything, what is uncertain is said and never tried.
  [
    "refresh",
    "answerLost",
    strict,
    { outcome: "ERR_REFRESH_UNCERTAIN", state: "ambiguous", tries: 1, hint: /may end the connection/ },
  ],
  ["refresh", "requestLost", strict, { outcome: "ERR_REFRESH_UNCERTAIN", state: "ambiguous", tries: 1 }],
  ["refresh", "trickle", strict, { outcome: "ERR_REFRESH_UNCERTAIN", state: "ambiguous", tries: 1 }],
  ["refresh", "neverEnds", strict, { outcome: "ERR_REFRESH_UNCERTAIN", state: "ambiguous", tries: 1 }],
  ["refresh", "htmlPage", strict, { outcome: "ERR_REFRESH_UNCERTAIN", state: "ambiguous", tries: 1 }],
  ["refresh", "emptyBody", strict, { outcome: "ERR_REFRESH_UNCERTAIN", state: "ambiguous", tries: 1 }],
  ["refresh", "unreachable", strict, { state: "provider_down", afterwards: good }],
  ["refresh", "unavailable", strict, { state: "provider_down", tries: 1, afterwards: good }],
  ["refresh", "redirect", strict, { state: "provider_down", afterwards: good }],
  [
    "refresh by hand",
    "answerLost",
    strict,
    { outcome: "ERR_LOGIN_NEEDED", state: "needs_login", hint: /log in again/ },
  ],
  ["refresh by hand", "requestLost", strict, { outcome: "active", state: "active" }],

  // A token that is still good is never thrown away.
  ["early refresh", "answerLost", {}, { outcome: stillGood, state: "provider_down", tries: 1, afterwards: good }],
  ["early refresh", "answerLost", strict, { outcome: stillGood, state: "ambiguous", tries: 1 }],
  ["early refresh", "unavailable", {}, { outcome: stillGood, state: "provider_down", tries: 1, afterwards: good }],
  ["early refresh", "neverEnds", {}, { outcome: stillGood, state: "provider_down", tries: 1, afterwards: good }],
  ["early refresh", "error", {}, { outcome: stillGood, state: "needs_login", afterwards: "ERR_LOGIN_NEEDED" }],
  ["early refresh", "redirect", {}, { outcome: stillGood, state: "provider_down", afterwards: good }],

  // A poll that fails is followed by the next one, until the person has answered or a no is final.
  ["device", "slowDown", {}, { outcome: "approved", state: "active", tries: 2 }],
  ["device", "unavailable", {}, { outcome: "approved", state: "active", tries: 2 }],
  ["device", "requestLost", {}, { outcome: "approved", state: "active", tries: 2 }],
  ["device", "htmlPage", {}, { outcome: "approved", state: "active", tries: 2 }],
  [
    "device",
    "answerLost",
    {},
    { outcome: "invalid_grant", actor: "user", hint: /Start it again/, afterwards: "approved" },
  ],
  [
    "device",
    "neverEnds",
    {},
    { outcome: "invalid_grant", actor: "user", hint: /Start it again/, afterwards: "approved" },
  ],
  ["device", "redirect", {}, { outcome: "ERR_RESPONSE_SHAPE", actor: "operator", hint: notTheirs }],
  ["device", "error", { options: { code: "access_denied" } }, { outcome: "declined" }],
  ["device", "error", { options: { code: "expired_token" } }, { outcome: "timed_out" }],

  // The hourly duty: no answer says nothing about the token.
  [
    "validation",
    "unavailable",
    { options: { at: "validate" } },
    { outcome: "a token for 10799 s", state: "active", tries: 0 },
  ],
  [
    "validation",
    "htmlPage",
    { options: { at: "validate" } },
    { outcome: "a token for 10799 s", state: "active", tries: 0 },
  ],
  [
    "validation",
    "neverEnds",
    { options: { at: "validate" } },
    { outcome: "a token for 10799 s", state: "active", tries: 0 },
  ],
  [
    "validation",
    "redirect",
    { options: { at: "validate" } },
    { outcome: "a token for 10799 s", state: "active", tries: 0 },
  ],
  [
    "validation",
    "error",
    { options: { at: "validate", code: "invalid_token" } },
    { outcome: good, state: "active", tries: 1 },
  ],

  // The tokens are forgotten whatever the provider says, and the person is told.
  [
    "logout",
    "unavailable",
    { options: { at: "revoke" } },
    { outcome: "failed, forgotten: ERR_RESPONSE_SHAPE", hint: trouble },
  ],
  ["logout", "answerLost", { options: { at: "revoke" } }, { outcome: "failed, forgotten: ERR_NETWORK", hint: network }],
  ["logout", "neverEnds", { options: { at: "revoke" } }, { outcome: "failed, forgotten: ERR_TIMEOUT", hint: wait }],
  [
    "logout",
    "redirect",
    { options: { at: "revoke" } },
    { outcome: "failed, forgotten: ERR_RESPONSE_SHAPE", hint: notTheirs },
  ],
  [
    "logout",
    "errorIn200",
    { options: { at: "revoke", code: "server_error" }, ...slack },
    { outcome: /^failed, forgotten/ },
  ],
];

const printed: string[][] = [];

describe("the fault matrix", () => {
  it.each(rows)("%s, %s %o", async (scene, fault, cast, expected) => {
    const { options, provider = "twitch", test } = cast;
    const seen = await play({ scene, fault, provider, ...(options && { options }), ...(test && { test }) });
    const place = test === undefined ? provider : `${provider}, reuse`;
    const status = options?.status ?? options?.code ?? "";
    printed.push([
      scene,
      `${fault} ${status}`,
      place,
      seen.outcome,
      seen.state,
      seen.actor,
      seen.hint,
      seen.afterwards,
    ]);
    expect(differences(seen, expected)).toEqual([]);
  });

  it.each<[FaultName, Expected]>([
    ["answerLost", { outcome: "ERR_NETWORK", state: "provider_down", afterwards: good }],
    ["unavailable", { state: "provider_down", actor: "nobody", tries: 1, afterwards: good }],
    ["hugeBody", { state: "provider_down", afterwards: good }],
    ["neverEnds", { outcome: "ERR_TIMEOUT", state: "provider_down", afterwards: good }],
    ["redirect", { state: "provider_down", hint: notTheirs, afterwards: good }],
    ["formEncoded", { outcome: good, state: "active" }],
  ])("holds over real sockets too: %s", async (fault, expected) => {
    const seen = await play({ scene: "refresh", fault, listens: true });
    expect(differences(seen, expected)).toEqual([]);
  });

  it("has a row for each fault there is", () => {
    const missing = faultNames.filter((name) => !rows.some(([, fault]) => fault === name));
    expect(missing).toEqual([]);
  });

  afterAll(() => {
    process.stdout.write(`\n${formatTable(printed)}\n`);
  });
});

/** What came otherwise. */
function differences(seen: Seen, expected: Expected): readonly string[] {
  return Object.entries(expected).flatMap(([column, value]) => {
    const told = String(seen[column as keyof Seen]);
    const isSo = value instanceof RegExp ? value.test(told) : told === String(value);
    return isSo ? [] : [`${column}: ${told}, not ${String(value)}`];
  });
}

const widths = [15, 26, 16, 34, 13, 9, 48];

function formatTable(lines: readonly (readonly string[])[]): string {
  const head = ["when", "fault", "provider", "what the application gets", "state", "who acts", "hint", "afterwards"];
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, i) => cell.slice(0, widths[i] ?? 40).padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
