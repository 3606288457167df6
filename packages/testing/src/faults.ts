import type { Provider } from "@codegrant/client";
import { formatErrorResponse, type KnownErrorCode, OAuthError } from "@codegrant/protocol";
import type { AddressName } from "./addresses.ts";
import { changeJson, type Members } from "./members.ts";
import type { Call, Outcome } from "./received.ts";
import { slowBody } from "./slow-body.ts";

export interface FaultOptions {
  /** How many requests it befalls; 1 by default, `Infinity` until `behave()`. */
  readonly times?: number | undefined;
  /** Which address it befalls, where that is not the fault's usual one. */
  readonly at?: AddressName | undefined;
  /** Of an error or a page. */
  readonly status?: number | undefined;
  /** Of an error. */
  readonly code?: KnownErrorCode | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** `instead`: the request is not done. `after`: it is done, and its answer comes out otherwise. */
interface Fault {
  readonly at: AddressName;
  readonly instead?: (fault: Befallen) => Outcome;
  readonly after?: (response: Response, fault: Befallen) => Outcome | Promise<Outcome>;
}

export interface Befallen {
  readonly call: Call;
  readonly options: FaultOptions;
  readonly provider: Provider;
}

const faults = {
  /** Done, and the connection breaks before the answer. */
  answerLost: after(() => ({ brokenBy: "ECONNRESET" })),
  /** The connection breaks before anything is done; whoever asked cannot tell it from the one above. */
  requestLost: instead(() => ({ brokenBy: "ECONNRESET" })),
  /** No connection comes to be. (On loopback one does, and breaks.) */
  unreachable: instead(() => ({ brokenBy: "ECONNREFUSED" })),
  /** 503, with `Retry-After` of 30 seconds or the one given. */
  unavailable: instead(({ options }) => {
    const { status = 503, retryAfterSeconds = 30 } = options;
    return new Response("Service Unavailable", { status, headers: { "retry-after": String(retryAfterSeconds) } });
  }),
  /** An error in the provider's words; `invalid_grant` unless another is given. */
  error: instead((fault) => errorAnswer(fault, undefined)),
  /** The same, in an answer that says it went well. */
  errorIn200: instead((fault) => errorAnswer(fault, 200)),
  /** To a device that polls, or to whoever asks too often (RFC 8628, 3.5). */
  slowDown: instead((fault) => errorAnswer({ ...fault, options: { code: "slow_down", ...fault.options } }, undefined)),
  /** A page for people, as of a proxy; 502 unless another status is given. */
  htmlPage: instead(({ options: { status = 502 } }) => {
    const html = `<!doctype html><title>${status}</title><h1>Something went wrong</h1>`;
    return new Response(html, { status, headers: { "content-type": "text/html; charset=utf-8" } });
  }),
  emptyBody: after(({ status }) => new Response("", { status })),
  /** Two megabytes of blanks before the answer. */
  hugeBody: after(async (response) => withBody(response, " ".repeat(2_097_152) + (await response.text()))),
  /** A byte every 50 milliseconds. */
  trickle: after(async (response, { call }) => withBody(response, slowBody(await response.text(), 0.05, call.signal))),
  /** Half of the answer, and then nothing, for two minutes at most. */
  neverEnds: after(async (response, { call }) =>
    withBody(response, slowBody(await response.text(), undefined, call.signal)),
  ),
  /** Sends whoever follows it to another host; 307 unless another status is given. */
  redirect: instead(({ options: { status = 307 } }) => {
    return new Response(null, { status, headers: { location: "https://elsewhere.example/token" } });
  }),
  scopeArray: members((answer) => ({ ...answer, scope: scopesOf(answer) })),
  scopeCommas: members((answer) => ({ ...answer, scope: scopesOf(answer).join(",") })),
  scopeMissing: members(({ scope: _, ...rest }) => rest),
  scopeNull: members((answer) => ({ ...answer, scope: null })),
  expiresInMissing: members(({ expires_in: _, ...rest }) => rest),
  expiresInText: members((answer) => ({ ...answer, expires_in: String(answer["expires_in"]) })),
  expiresInWords: members((answer) => ({ ...answer, expires_in: "in an hour" })),
  expiresInZero: members((answer) => ({ ...answer, expires_in: 0 })),
  expiresInNegative: members((answer) => ({ ...answer, expires_in: -1 })),
  refreshTokenMissing: members(({ refresh_token: _, ...rest }) => rest),
  refreshTokenEmpty: members((answer) => ({ ...answer, refresh_token: "" })),
  tokenTypeMissing: members(({ token_type: _, ...rest }) => rest),
  /** The members of the answer as a form, as GitHub's is without an `Accept`. */
  formEncoded: after(async (response) => {
    const text = await response.text();
    const answer = text.startsWith("{") ? (JSON.parse(text) as Members) : {};
    const fields = Object.entries(answer).map(([name, value]): [string, string] => [name, String(value)]);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return new Response(new URLSearchParams(fields).toString(), { status: response.status, headers });
  }),
  /** The redirect back names another issuer (RFC 9207): another server's answer, mixed up. */
  issWrong: redirectBack((query) => query.set("iss", "https://elsewhere.example")),
  issMissing: redirectBack((query) => query.delete("iss")),
  stateWrong: redirectBack((query) => query.set("state", "another-state")),
  stateMissing: redirectBack((query) => query.delete("state")),
} satisfies Readonly<Record<string, Fault>>;

/** What a provider can do wrong. The comments beside each are in `faults.ts`. */
export type FaultName = keyof typeof faults;

export const faultNames: readonly FaultName[] = Object.keys(faults) as FaultName[];

/** The faults that are to come, in the order in which they were asked for. */
export interface FaultPlan {
  add(name: FaultName, options: FaultOptions): void;
  clear(): void;
  /** What befalls this request, and counts as one of its times. */
  take(call: Call): { readonly fault: Fault; readonly options: FaultOptions } | undefined;
}

export function createFaultPlan(): FaultPlan {
  const planned: { readonly fault: Fault; readonly options: FaultOptions; left: number }[] = [];
  return {
    add(name, options) {
      if (!Object.hasOwn(faults, name)) {
        throw new TypeError(`There is no fault "${name}". There are: ${faultNames.join(", ")}.`);
      }
      planned.push({ fault: faults[name], options, left: options.times ?? 1 });
    },
    clear() {
      planned.length = 0;
    },
    take(call) {
      const found = planned.find(({ fault, options, left }) => left > 0 && (options.at ?? fault.at) === call.endpoint);
      if (found !== undefined) found.left -= 1;
      return found;
    },
  };
}

function instead(answer: (fault: Befallen) => Outcome): Fault {
  return { at: "token", instead: answer };
}

function after(change: (response: Response, fault: Befallen) => Outcome | Promise<Outcome>): Fault {
  return { at: "token", after: change };
}

function members(change: (answer: Members) => Members): Fault {
  return after((response) => changeJson(response, change));
}

/** The address itself stays as it is, byte for byte. */
function redirectBack(change: (query: URLSearchParams) => void): Fault {
  const rewrite = (location: string): string => {
    const [, address = "", text = "", fragment = ""] = /^([^?#]*)\??([^#]*)(.*)$/.exec(location) ?? [];
    const query = new URLSearchParams(text);
    change(query);
    return `${address}?${query.toString()}${fragment}`;
  };
  return {
    at: "authorize",
    after(response) {
      const location = response.headers.get("location");
      if (location === null) return response;
      return new Response(null, { status: response.status, headers: { location: rewrite(location) } });
    },
  };
}

function errorAnswer({ options, provider }: Befallen, status: number | undefined): Response {
  const { code = "invalid_grant", retryAfterSeconds } = options;
  const error = new OAuthError(code, options.status === undefined ? {} : { status: options.status });
  const answer = formatErrorResponse(error, provider.dialect);
  const headers = new Headers({ "content-type": "application/json" });
  if (retryAfterSeconds !== undefined) headers.set("retry-after", String(retryAfterSeconds));
  return new Response(answer.body, { status: status ?? answer.status, headers });
}

function withBody({ status, headers }: Response, body: string | ReadableStream): Response {
  const kept = new Headers(headers);
  kept.delete("content-length");
  return new Response(body, { status, headers: kept });
}

function scopesOf({ scope }: Members): readonly string[] {
  if (Array.isArray(scope)) return scope.map(String);
  return typeof scope === "string" ? scope.split(/[ ,]+/).filter((one) => one !== "") : [];
}
