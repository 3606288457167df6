import { rfc6749 } from "@codegrant/protocol";
import type { Fetch, PlainTokens, Provider, RefreshHabits } from "../src/index.ts";
import { provider } from "./fixtures.ts";

/** What becomes of the next request, instead of an answer. */
export type Manners =
  | {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
      /** It spent the refresh token before it failed. */
      readonly isDone?: true;
    }
  /** Done, but the answer is lost. */
  | "answer lost"
  /** Never done, and the client cannot know. */
  | "request lost"
  /** The connection was never made. */
  | "unreachable";

export interface RotatingProvider {
  readonly provider: Provider;
  readonly fetch: Fetch;
  /** Refresh tokens in the order they came. */
  readonly received: readonly string[];
  /** Refreshes that were done. */
  readonly refreshes: number;
  readonly revoked: readonly string[];
  /** Access tokens that were validated, those that are dead, and what becomes of the next validation. */
  readonly validated: readonly string[];
  readonly dead: Set<string>;
  readonly validations: "down"[];
  /** The grant ended because a spent token came again. */
  readonly hasSeenTheft: boolean;
  readonly manners: Manners[];
  /** Before each answer. */
  onRequest: (() => Promise<void> | void) | undefined;
  /** Tokens of a fresh login. */
  logIn(): PlainTokens;
  /** The user disconnects. */
  end(): void;
}

export interface RotatingOptions {
  readonly now: () => number;
  readonly lifetimeSeconds?: number | undefined;
  readonly habits?: RefreshHabits | undefined;
  readonly columns?: Partial<Provider>;
}

/** A provider whose refresh tokens are good once; a spent one ends the grant. It listens to a `fetch` of its own. */
export function rotatingProvider({ now, lifetimeSeconds = 3_600, habits, columns }: RotatingOptions): RotatingProvider {
  const received: string[] = [];
  const revoked: string[] = [];
  const validated: string[] = [];
  const validations: "down"[] = [];
  const dead = new Set<string>();
  const manners: Manners[] = [];
  let drawn = 0;
  let current = "";
  let isEnded = false;
  const state = { refreshes: 0, hasSeenTheft: false };

  function issue(): Record<string, unknown> {
    drawn += 1;
    current = `refresh-${drawn}`;
    return {
      access_token: `access-${drawn}`,
      refresh_token: current,
      expires_in: lifetimeSeconds,
      token_type: "Bearer",
    };
  }

  function answerRefresh(token: string): Response {
    if (token !== current) {
      state.hasSeenTheft = true;
      isEnded = true;
    }
    if (isEnded) return Response.json({ error: "invalid_grant" }, { status: 400 });
    state.refreshes += 1;
    return Response.json(issue());
  }

  const self: RotatingProvider = {
    provider: provider({ dialect: rfc6749, refresh: habits, ...columns }),
    received,
    revoked,
    validated,
    validations,
    dead,
    manners,
    onRequest: undefined,
    get refreshes() {
      return state.refreshes;
    },
    get hasSeenTheft() {
      return state.hasSeenTheft;
    },
    async fetch(url, init) {
      const form = new URLSearchParams(typeof init.body === "string" ? init.body : "");
      if (url.endsWith("/revoke")) {
        revoked.push(form.get("token") ?? "");
        return new Response("");
      }
      if (url.endsWith("/validate")) {
        const token = (new Headers(init.headers).get("authorization") ?? "").split(" ")[1] ?? "";
        validated.push(token);
        if (validations.shift() === "down") return new Response("", { status: 503 });
        if (dead.has(token)) return Response.json({ error: "invalid_token" }, { status: 401 });
        return Response.json({ client_id: "client", scopes: ["read"], expires_in: 60 });
      }
      received.push(form.get("refresh_token") ?? "");
      const manner = manners.shift();
      await self.onRequest?.();
      if (manner === "unreachable") throw withCode("ECONNREFUSED");
      if (manner === "request lost") throw withCode("ECONNRESET");
      if (typeof manner === "object") {
        if (manner.isDone === true) answerRefresh(form.get("refresh_token") ?? "");
        return new Response(manner.body ?? "", { status: manner.status, headers: manner.headers ?? {} });
      }
      const answer = answerRefresh(form.get("refresh_token") ?? "");
      if (manner === "answer lost") throw withCode("ECONNRESET");
      return answer;
    },
    logIn() {
      isEnded = false;
      issue();
      return {
        accessToken: `access-${drawn}`,
        refreshToken: current,
        scopes: ["read"],
        tokenType: "Bearer",
        receivedAt: now(),
        expiresAt: now() + lifetimeSeconds,
      };
    },
    end() {
      isEnded = true;
    },
  };
  return self;
}

/** As Node's own fetch fails. */
function withCode(code: string): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}
