import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** What a route answers. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export function send(response: ServerResponse, { status, headers, body = "" }: Answer): void {
  response.writeHead(status, { ...pageHeaders, ...headers });
  response.end(body);
}

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  // No form-action: Chromium would hold the redirect to the platform back with it.
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const cookieName = "sample_browser";

/** Who this browser is: what its cookie says, or a new name that `browserCookie` gives it. */
export function browserOf(request: IncomingMessage): string {
  const pairs = (request.headers.cookie ?? "").split("; ").filter((pair) => pair.startsWith(`${cookieName}=`));
  const value = pairs.length === 1 ? pairs[0]?.slice(cookieName.length + 1) : undefined;
  return value !== undefined && /^[0-9a-f]{64}$/.test(value) ? value : randomBytes(32).toString("hex");
}

/** `Lax`: the browser brings it along when the platform sends it back here. */
export function browserCookie(browser: string): Readonly<Record<string, string>> {
  return { "set-cookie": `${cookieName}=${browser}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax` };
}
