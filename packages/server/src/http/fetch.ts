import type { Message, RequestRecord } from "../message.ts";

/** The headers of a `Request`. The platform has joined what was sent twice, so a header counts once or not at all. */
export function webHeaders(headers: Headers): Pick<RequestRecord, "header" | "headerCount"> {
  return {
    header: (name) => headers.get(name) ?? undefined,
    headerCount: (name) => (headers.has(name) ? 1 : 0),
  };
}

/** A message as a `Response`. */
export function responseOf({ status, headers, body }: Message): Response {
  const pairs = new Headers();
  for (let i = 0; i < headers.length; i += 2) pairs.append(headers[i] ?? "", headers[i + 1] ?? "");
  return new Response(bodyless.has(status) ? null : body, { status, headers: pairs });
}

/** A `Response` of these must have none. */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);
