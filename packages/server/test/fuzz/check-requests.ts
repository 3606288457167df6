import * as fc from "fast-check";
import { expect } from "vitest";
import { createRoutes, mounts } from "../../src/routes.ts";
import { codeOn, onRfc6749, onTwitch, stage, tokensOn } from "../endpoints/stage.ts";
import { type StepName, watchedStore } from "../endpoints/store-around.ts";
import { codeVerifier, pkce } from "../flow.ts";
import { issuer, login, type Registered, redirectUri, registered, type TestPlatform } from "../platform.ts";
import { type Answer, hiddenFields, send } from "../visitor.ts";
import { type AnyRequest, anyRequest, markup, type RightRequest, type Stuff } from "./any-request.ts";

const publicUri = "http://127.0.0.1/cb";

/** A fresh platform, and what its strangers and its insiders know. */
interface Ground {
  readonly platform: TestPlatform;
  readonly written: StepName[];
  readonly stranger: Stuff;
  readonly insider: Stuff;
}

async function ground(): Promise<Ground> {
  const { store, written } = watchedStore();
  const on = await stage({}, { store });
  const open = await registered(on.platform, { name: "Desk lamp", type: "public", redirectUris: [publicUri] });
  const twitch = await tokensOn(onTwitch, on);
  const rfc6749 = await tokensOn(onRfc6749, on);
  const code = await codeOn(onTwitch, on);
  const paths = [...createRoutes(on.platform, mounts.twitch).keys()];
  const known = [on.app.clientId, open.clientId, redirectUri, publicUri, "user:read:email", "authorization_code"];
  const secrets = [on.app.clientSecret, ...Object.values(twitch), ...Object.values(rfc6749), code];
  const [name, session] = [...on.person.cookies].find(([key]) => key.includes("session")) ?? ["", ""];
  const garbage = [`${name}=${"x".repeat(43)}`, `${name}=a; ${name}=b`, `${name}=`, "=;;=", "a".repeat(9_000)];
  const mine = Array.from(garbage, () => `${name}=${session}`);
  const right = rightRequests(on.app, open, { ...twitch, code, clientSecret: on.app.clientSecret });
  return {
    platform: on.platform,
    written,
    stranger: { paths, values: known, cookies: garbage, right: rightRequests(on.app, open) },
    insider: { paths, values: [...known, ...secrets], cookies: [...garbage, ...mine], right },
  };
}

interface Secrets {
  readonly access: string;
  readonly refresh: string;
  readonly code: string;
  readonly clientSecret: string;
}

const nothing: Secrets = { access: "x", refresh: "x", code: "x", clientSecret: "x" };

/** One for each endpoint and dialect, as a stranger would write it, or as someone who has what it takes. */
function rightRequests(app: Registered, open: Registered, secrets: Secrets = nothing): readonly RightRequest[] {
  const ask = {
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: "",
    state: "s",
    ...pkce,
  };
  const asOpen = { ...ask, client_id: open.clientId, redirect_uri: publicUri };
  const proof = { client_id: app.clientId, client_secret: secrets.clientSecret };
  const exchange = { ...proof, grant_type: "authorization_code", code: secrets.code, redirect_uri: redirectUri };
  const refresh = { ...proof, grant_type: "refresh_token", refresh_token: secrets.refresh };
  const device = { client_id: open.clientId, scopes: "user:read:email" };
  const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
  const headers = { authorization: `Bearer ${secrets.access}`, "client-id": app.clientId };
  const below = ["/oauth2", "/kraken/oauth2", "/oauth", "/auth"].flatMap((prefix): RightRequest[] => [
    { path: `${prefix}/authorize`, method: "GET", fields: ask },
    { path: `${prefix}/authorize`, method: "GET", fields: asOpen },
    { path: `${prefix}/authorize?${new URLSearchParams(ask)}`, method: "POST", fields: { decision: "approve" } },
    { path: `${prefix}/token`, method: "POST", fields: { ...exchange, code_verifier: codeVerifier } },
    { path: `${prefix}/token`, method: "POST", fields: refresh },
    { path: `${prefix}/token`, method: "POST", fields: { ...proof, grant_type: "client_credentials" } },
    { path: `${prefix}/token`, method: "POST", fields: { ...device, grant_type: deviceGrant, device_code: "x" } },
    { path: `${prefix}/device`, method: "POST", fields: device },
    { path: `${prefix}/revoke`, method: "POST", fields: { ...proof, token: secrets.access } },
    { path: `${prefix}/introspect`, method: "POST", fields: { ...proof, token: secrets.refresh } },
  ]);
  return [
    ...below,
    { path: "/oauth2/validate", method: "GET", fields: {}, headers },
    { path: "/helix/users", method: "GET", fields: {}, headers },
    { path: "/kraken/user", method: "GET", fields: {}, headers },
    { path: "/settings/connections", method: "POST", fields: { login, password: "wrong" } },
    { path: "/settings/connections", method: "POST", fields: { action: "disconnect", application: "1" } },
    {
      path: "/settings/connections",
      method: "POST",
      fields: { action: "register", name: "A", type: "public", redirect_uris: publicUri },
    },
    { path: "/device", method: "POST", fields: { user_code: "ABCD-EFGH", decision: "approve" } },
    { path: "/account/password", method: "POST", fields: { password: "a", new_password: "correct horse battery 2" } },
    { path: "/sign-out", method: "POST", fields: {} },
  ];
}

/** Sends it, with the page's own anti-forgery token if a person would have it. */
async function perform({ server }: TestPlatform, { target, sent, fillsForm }: AnyRequest): Promise<Answer> {
  if (!fillsForm || sent.method !== "POST") return send(server, target, sent);
  const { cookie = "" } = sent.headers ?? {};
  const page = await send(server, target, { headers: { cookie } });
  const [, browser = ""] = /^([^;]+)/.exec(page.header("set-cookie") ?? "") ?? [];
  const typed = typeof sent.body === "string" ? sent.body : "";
  const hidden = Object.entries(hiddenFields(page)).filter(([name]) => !typed.includes(`${name}=`));
  const body = `${new URLSearchParams(hidden)}&${typed}`;
  const headers = { ...sent.headers, cookie: [browser, cookie].filter(Boolean).join("; ") };
  return send(server, target, { ...sent, body, headers });
}

function checkAnswer(answer: Answer): void {
  expect(answer.status).toBeGreaterThanOrEqual(200);
  expect(answer.status, answer.body.slice(0, 200)).toBeLessThan(500);
  expect(answer.headers.join("")).not.toMatch(/[\r\n\0]/);
  expect(answer.body).not.toContain(markup);
  const { location } = answer;
  if (location !== undefined) expect(isOursOrRegistered(location), location.href).toBe(true);
}

function isOursOrRegistered({ origin, protocol, hostname, pathname }: URL): boolean {
  const isLamp = protocol === "http:" && hostname === "127.0.0.1" && pathname === "/cb";
  return origin === issuer || `${origin}${pathname}` === redirectUri || isLamp;
}

const perRound = 400;

/** On so many fresh platforms, 400 requests each; returns how often each status came. */
async function fuzz(
  rounds: number,
  seed: number,
  stuffOf: (on: Ground) => Stuff,
  check: (on: Ground) => void,
): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    const on = await ground();
    const property = fc.asyncProperty(anyRequest(stuffOf(on)), async (request) => {
      on.written.length = 0;
      const answer = await perform(on.platform, request);
      checkAnswer(answer);
      check(on);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      // Otherwise most answers would soon be 429.
      on.platform.step(5);
    });
    await fc.assert(property, { numRuns: perRound, seed: seed + round });
    expect(on.platform.logged.filter(({ level }) => level === "error")).toEqual([]);
  }
  return statuses;
}

/** What someone who has proved nothing may cause: a device request, and the end of a session that is not there. */
const strangersSteps: ReadonlySet<StepName> = new Set(["createDeviceRequest", "endSession"]);
const reads: ReadonlySet<StepName> = new Set(["hasOrigin", "isApplicationTokenRevoked"]);

export async function fuzzAsStranger(rounds: number, seed: number): Promise<ReadonlyMap<number, number>> {
  return fuzz(
    rounds,
    seed,
    ({ stranger }) => stranger,
    ({ written }) => {
      expect(written.filter((step) => !reads.has(step) && !strangersSteps.has(step))).toEqual([]);
    },
  );
}

/** Returns what the requests did. */
export async function fuzzAsInsider(rounds: number, seed: number): Promise<ReadonlySet<StepName>> {
  const steps = new Set<StepName>();
  await fuzz(
    rounds,
    seed,
    ({ insider }) => insider,
    ({ written }) => {
      for (const step of written) steps.add(step);
    },
  );
  return steps;
}
