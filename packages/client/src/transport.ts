import { FlowError } from "@codegrant/protocol";

/** What may be handed in instead of the platform's own: a fetch with a proxy, a clock that a test turns. */
export interface CallOptions {
  readonly fetch?: Fetch | undefined;
  /** Epoch seconds. */
  readonly now?: (() => number) | undefined;
  /** For the whole request, body included. */
  readonly timeoutSeconds?: number | undefined;
  /** Checks the signature of ID tokens too; `@codegrant/client/jose` has one. */
  readonly checkSignature?: CheckSignature | undefined;
}

/** Throws a `FlowError` if none of the keys at this address made the token's signature. */
export type CheckSignature = (
  idToken: string,
  jwks: string,
  options: Omit<CallOptions, "checkSignature">,
) => Promise<void>;

/** The part of `fetch` that is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Answer {
  readonly status: number;
  readonly contentType?: string | undefined;
  readonly body: string;
  /** How long the server asks to be left alone. */
  readonly retryAfterSeconds?: number | undefined;
}

/** Token answers are a few hundred bytes; the largest with ID tokens in them a few thousand. */
export const maximumBodyBytes = 1_048_576;
export const defaultTimeoutSeconds = 10;

/**
 * One request to a provider's endpoint, bounded in time and size. A redirect is never followed: whoever the endpoint
 * points to would be sent the secret and the token again. Throws a `FlowError` whose message holds nothing of the
 * request but the endpoint, and nothing of the answer but its status.
 */
export async function send(url: string, init: RequestInit, options: CallOptions): Promise<Answer> {
  const timeoutSeconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
  const aborter = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new FlowError("ERR_TIMEOUT", `${url} did not answer within ${timeoutSeconds} seconds.`));
      aborter.abort();
    }, timeoutSeconds * 1_000);
  });
  try {
    // A race and not only the signal: a caller's fetch may not listen to it.
    return await Promise.race([fetchBounded(url, { ...init, signal: aborter.signal }, options.fetch), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the parser makes of the answer; an error it throws also says how long the server asks to be left alone. */
export function read<Result>(answer: Answer, parse: (answer: Answer) => Result): Result {
  try {
    return parse(answer);
  } catch (error) {
    const { retryAfterSeconds } = answer;
    throw error instanceof Error && retryAfterSeconds !== undefined
      ? Object.assign(error, { retryAfterSeconds })
      : error;
  }
}

/**
 * True only if it is certain that no byte of the request arrived, so that what was in it is as good as before. A
 * timeout or a connection that broke leaves it open.
 */
export function wasNeverSent(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string" && unreachableCodes.includes(at.code)) return true;
  }
  return false;
}

/** Of Node and of undici, its fetch: no connection came to be. */
const unreachableCodes: readonly string[] = [
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
];

export function currentTime(options: CallOptions): number {
  return options.now?.() ?? Math.floor(Date.now() / 1_000);
}

async function fetchBounded(url: string, init: RequestInit, ownFetch: Fetch | undefined): Promise<Answer> {
  try {
    const response = await (ownFetch ?? fetch)(url, { ...init, redirect: "manual" });
    refuseRedirect(url, response);
    const { status, headers } = response;
    const body = await readBody(url, response.body as ReadableStream<Uint8Array> | null, status);
    const contentType = headers.get("content-type") ?? undefined;
    return { status, contentType, body, retryAfterSeconds: parseRetryAfter(headers.get("retry-after")) };
  } catch (cause) {
    if (cause instanceof FlowError) throw cause;
    throw new FlowError("ERR_NETWORK", `${url} could not be reached, or the connection broke.`, { cause });
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3); at most a day. Dates count from the server's own clock, which is not known. */
function parseRetryAfter(header: string | null): number | undefined {
  if (header === null || header.length > 40) return undefined;
  const seconds = /^[0-9]{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(Math.ceil(seconds), 0), 86_400);
}

function refuseRedirect(url: string, response: Response): void {
  const isRedirect = response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);
  if (!isRedirect) return;
  abandon(response);
  throw new FlowError("ERR_RESPONSE_SHAPE", `${url} answered with a redirect, which is not followed.`, {
    status: response.status,
  });
}

/** Reads piece by piece, so that a huge body costs at most the limit. */
export async function readBody(
  from: string,
  body: ReadableStream<Uint8Array> | null,
  status?: number,
): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > maximumBodyBytes) {
      void reader.cancel().catch(() => undefined);
      throw new FlowError("ERR_RESPONSE_TOO_LARGE", `${from} answered with more than ${maximumBodyBytes} bytes.`, {
        status,
      });
    }
    pieces.push(value);
  }
  return new TextDecoder().decode(joined(pieces, length));
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}

/** An unread body would hold its connection open. */
function abandon(response: Response): void {
  void response.body?.cancel().catch(() => undefined);
}
