import { createHash } from "node:crypto";
import type { ChildServer } from "./child-server.ts";

/** An application and its user, and what the server acknowledged to them: that is what a kill must not take away. */
export interface Holding {
  code?: string;
  /** Sent, and not answered when the server was killed. */
  underWay?: "approve" | "exchange" | "refresh" | "revoke";
  access?: string;
  refresh?: string;
  isRevoked: boolean;
  /** How many answers came. */
  acknowledged: number;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly cookie: string;
}

export const redirectUri = "http://localhost/cb";
const codeVerifier = "a".repeat(43);
const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");

export function authorizePath({ clientId }: Pick<Credentials, "clientId">): string {
  return `/oauth2/authorize?${new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "user:read:email",
    code_challenge: codeChallenge,
    code_challenge_method: "S256",
  })}`;
}

/** The user said yes before, so this is the approval. */
export async function approve(server: ChildServer, credentials: Credentials): Promise<string> {
  const { location = "", status } = await server.send(authorizePath(credentials), { cookie: credentials.cookie });
  const code = URL.canParse(location) ? new URL(location).searchParams.get("code") : null;
  if (code === null) throw new Error(`No code, but ${status} ${location}`);
  return code;
}

interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

export function exchange(server: ChildServer, credentials: Credentials, code: string): Promise<Tokens | undefined> {
  const fields = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: codeVerifier };
  return askForTokens(server, credentials, fields);
}

export function refresh(server: ChildServer, credentials: Credentials, token: string): Promise<Tokens | undefined> {
  return askForTokens(server, credentials, { grant_type: "refresh_token", refresh_token: token });
}

export async function revoke(server: ChildServer, { clientId }: Credentials, token: string): Promise<boolean> {
  const { status } = await server.send("/oauth2/revoke", { fields: { client_id: clientId, token } });
  return status === 200;
}

export async function isGood(server: ChildServer, access: string): Promise<boolean> {
  return (await server.send("/oauth2/validate", { bearer: access })).status === 200;
}

async function askForTokens(
  server: ChildServer,
  { clientId, clientSecret }: Credentials,
  fields: Readonly<Record<string, string>>,
): Promise<Tokens | undefined> {
  const all = { client_id: clientId, client_secret: clientSecret, ...fields };
  const { status, body } = await server.send("/oauth2/token", { fields: all });
  if (status >= 500) throw new Error(`${status} ${body}`);
  if (status !== 200) return undefined;
  const { access_token: access, refresh_token: token } = JSON.parse(body) as Record<string, unknown>;
  return { access: String(access), refresh: String(token) };
}
