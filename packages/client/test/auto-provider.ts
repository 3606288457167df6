import type { ServerResponse } from "node:http";
import { rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../src/index.ts";
import { provider } from "./fixtures.ts";
import { json, type LoopbackServer, type Received, startServer } from "./loopback.ts";

/** A provider at a port of this machine whose users answer at once. Its refresh tokens are good once. */
export interface AutoProvider {
  readonly url: string;
  readonly provider: Provider;
  readonly received: LoopbackServer["received"];
  /** Who is logged in at its pages: `id` and `login`. */
  user: { id: string; login: string };
  answer: "approve" | "decline";
  /** Of access tokens. */
  lifetimeSeconds: number;
  /** Access tokens that its API takes. */
  readonly alive: Set<string>;
  readonly counts: { logins: number; exchanges: number; refreshes: number; thefts: number };
  /** A spent refresh token gets an answer, too. */
  isForgiving: boolean;
  /** Before a refresh is answered; `"lose"` does it and never answers. */
  onRefresh: (() => Promise<"lose" | void> | "lose" | void) | undefined;
  /** Before a code is exchanged. */
  onExchange: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

export async function startAutoProvider(columns: Partial<Provider> = {}): Promise<AutoProvider> {
  const grants = new Map<string, { readonly user: AutoProvider["user"]; current: string; isEnded: boolean }>();
  const users = new Map<string, AutoProvider["user"]>();
  const codes = new Map<string, AutoProvider["user"]>();
  const devices = new Map<string, AutoProvider["user"]>();
  let drawn = 0;
  const draw = (kind: string): string => {
    drawn += 1;
    return `${kind}-${drawn}`;
  };

  function issue(grant: string, user: AutoProvider["user"]): Record<string, unknown> {
    const [accessToken, refreshToken] = [draw("access"), `${grant}.${draw("refresh")}`];
    grants.set(grant, { user, current: refreshToken, isEnded: false });
    self.alive.add(accessToken);
    users.set(accessToken, user);
    return {
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: self.lifetimeSeconds,
      token_type: "Bearer",
      scope: "read",
    };
  }

  async function answerToken(form: URLSearchParams): Promise<[number, unknown] | "lose"> {
    const type = form.get("grant_type");
    if (type === "refresh_token") return await answerRefresh(form.get("refresh_token") ?? "");
    const isCode = type === "authorization_code";
    if (isCode) await self.onExchange?.();
    const [waiting, key] = isCode ? [codes, form.get("code")] : [devices, form.get("device_code")];
    const user = waiting.get(key ?? "");
    if (user === undefined) return [400, { error: "invalid_grant" }];
    if (self.answer === "decline") return [400, { error: "access_denied" }];
    waiting.delete(key ?? "");
    self.counts.exchanges += 1;
    return [200, issue(draw("grant"), user)];
  }

  async function answerRefresh(token: string): Promise<[number, unknown] | "lose"> {
    const [name = ""] = token.split(".");
    const grant = grants.get(name);
    if (grant !== undefined && grant.current !== token && !self.isForgiving) {
      self.counts.thefts += 1;
      grant.isEnded = true;
    }
    if (grant === undefined || grant.isEnded) return [400, { error: "invalid_grant" }];
    self.counts.refreshes += 1;
    const body = issue(name, grant.user);
    return (await self.onRefresh?.()) === "lose" ? "lose" : [200, body];
  }

  async function tellToken(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const answer = await answerToken(form);
    if (answer !== "lose") json(response, ...answer);
  }

  const server = await startServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (pathname === "/authorize") {
      response.writeHead(302, { location: decide(searchParams) }).end();
    } else if (pathname === "/token") {
      void tellToken(request.form, response);
    } else if (pathname === "/device") {
      const deviceCode = draw("device");
      devices.set(deviceCode, self.user);
      const body = { device_code: deviceCode, user_code: "ABCD-EFGH", interval: 1, expires_in: 600 };
      json(response, 200, { ...body, verification_uri: `${server.url}/activate` });
    } else if (pathname === "/revoke") {
      self.alive.delete(request.form.get("token") ?? "");
      response.end();
    } else {
      answerApi(request, (status, body) => json(response, status, body));
    }
  });

  function decide(query: URLSearchParams): string {
    self.counts.logins += 1;
    const back = new URL(query.get("redirect_uri") ?? "");
    back.searchParams.set("state", query.get("state") ?? "");
    if (self.answer === "decline") back.searchParams.set("error", "access_denied");
    else {
      const code = draw("code");
      codes.set(code, self.user);
      back.searchParams.set("code", code);
    }
    return back.href;
  }

  function answerApi({ headers }: Received, answer: (status: number, body: unknown) => void): void {
    const token = (headers.authorization ?? "").replace(/^Bearer /, "");
    const user = self.alive.has(token) ? users.get(token) : undefined;
    if (user === undefined) answer(401, { error: "invalid_token" });
    else answer(200, user);
  }

  const self: AutoProvider = {
    url: server.url,
    provider: provider({
      url: server.url,
      dialect: rfc6749,
      endpoints: {
        authorize: `${server.url}/authorize`,
        token: `${server.url}/token`,
        revoke: `${server.url}/revoke`,
        device: `${server.url}/device`,
        userinfo: `${server.url}/me`,
      },
      identity: [{ from: "userinfo", id: ["id"], login: ["login"] }],
      api: { baseUrl: server.url, headers: { "client-id": "{clientId}" } },
      defaultRedirectUri: "http://127.0.0.1:0/callback",
      refresh: { rotates: "always", onReuse: "ends_grant", graceSeconds: 0 },
      ...columns,
    }),
    received: server.received,
    user: { id: "1", login: "ada" },
    answer: "approve",
    lifetimeSeconds: 3_600,
    alive: new Set(),
    counts: { logins: 0, exchanges: 0, refreshes: 0, thefts: 0 },
    isForgiving: false,
    onRefresh: undefined,
    onExchange: undefined,
    close: () => server.close(),
  };
  return self;
}
