import { createHash } from "node:crypto";
import { login, password, type Registered, redirectUri, type TestPlatform } from "./platform.ts";
import { type Answer, send, type Visitor, visitor } from "./visitor.ts";

export const codeVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
export const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
export const pkce = { code_challenge: codeChallenge, code_challenge_method: "S256" };

export type Fields = Readonly<Record<string, string>>;

/** An authorize address with everything right but what the test changes; an undefined field is left out. */
export function authorizeUrl(
  app: Registered,
  changes: Readonly<Record<string, string | undefined>> = {},
  path = "/oauth2/authorize",
): string {
  const all = {
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: "user:read:email",
    state: "s-1",
    ...changes,
  };
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${path}?${new URLSearchParams(kept)}`;
}

export async function signedIn(platform: TestPlatform): Promise<Visitor> {
  const person = visitor(platform.server);
  const page = await person.get("/settings/connections");
  await person.submit("/settings/connections", page, { login, password });
  return person;
}

/** The signed-in person approves; the answer is the redirect to the application. */
export async function approve(person: Visitor, url: string): Promise<Answer> {
  const page = await person.get(url);
  return page.location === undefined ? person.submit(url, page, { decision: "approve" }) : page;
}

export function codeOf(answer: Answer): string {
  const code = answer.location?.searchParams.get("code");
  if (code == null)
    throw new Error(`no code in ${answer.status} ${answer.header("location") ?? answer.body.slice(0, 200)}`);
  return code;
}

export function exchange(
  platform: TestPlatform,
  app: Registered,
  code: string,
  changes: Readonly<Record<string, string | undefined>> = {},
  path = "/oauth2/token",
): Promise<Answer> {
  const all = {
    grant_type: "authorization_code",
    client_id: app.clientId,
    client_secret: app.clientSecret || undefined,
    code,
    redirect_uri: redirectUri,
    ...changes,
  };
  return send(platform.server, path, { method: "POST", body: definedFields(all) });
}

export function refresh(
  platform: TestPlatform,
  app: Registered,
  refreshToken: string,
  changes: Readonly<Record<string, string | undefined>> = {},
  path = "/oauth2/token",
): Promise<Answer> {
  const all = {
    grant_type: "refresh_token",
    client_id: app.clientId,
    client_secret: app.clientSecret || undefined,
    refresh_token: refreshToken,
    ...changes,
  };
  return send(platform.server, path, { method: "POST", body: definedFields(all) });
}

export function validate(platform: TestPlatform, accessToken: unknown): Promise<Answer> {
  return send(platform.server, "/oauth2/validate", { headers: { authorization: `Bearer ${String(accessToken)}` } });
}

function definedFields(all: Readonly<Record<string, string | undefined>>): Fields {
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
