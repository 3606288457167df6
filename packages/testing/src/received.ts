import type { AddressName } from "./addresses.ts";

/** A request as it came, whole, so that every layer can read it. */
export interface Call {
  readonly endpoint: AddressName;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** An answer, or how the connection broke instead of one. */
export type Outcome = Response | Broken;

export interface Broken {
  readonly brokenBy: "ECONNRESET" | "ECONNREFUSED";
}

/** What a test can look up afterwards. Tokens and secrets are in it in the open: it is a test's own. */
export interface ReceivedRequest {
  readonly endpoint: AddressName;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body's fields, where it is a form. */
  readonly form: Readonly<Record<string, string>>;
}

export function describeCall({ endpoint, method, url, headers, body }: Call): ReceivedRequest {
  return {
    endpoint,
    method,
    url: url.href,
    headers: Object.fromEntries(headers),
    form: Object.fromEntries(formOf({ headers, body })),
  };
}

/** Empty unless the body is a form. */
export function formOf({ headers, body }: Pick<Call, "headers" | "body">): URLSearchParams {
  const isForm = headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") ?? false;
  return new URLSearchParams(isForm ? new TextDecoder().decode(body) : "");
}

export function requestOf({ method, url, headers, body }: Call): Request {
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(url, { method, headers, ...(hasBody && { body }) });
}
