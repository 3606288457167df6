/**
 * An endpoint is a function from a request record to a message. Neither knows a transport: an adapter carries them
 * (`http/node.ts`).
 */
export interface RequestRecord {
  readonly method: string;
  /** As sent, still encoded, without the query. */
  readonly path: string;
  /** As sent, without `?`; empty when there is none. */
  readonly query: string;
  /** The single value of a header by its lower-case name; several values are joined the way HTTP joins them. */
  header(name: string): string | undefined;
  /** How often a header line was sent: two `Authorization` lines are refused, not joined. */
  headerCount(name: string): number;
  /** Latin-1: one character a byte, so that every parser decodes strictly by itself. At most `maximumBodyBytes`. */
  readonly body: string;
  /** It was larger, so it was not read and `body` is empty: whoever needs it answers 413. */
  readonly bodyIsTooLarge?: boolean;
  /** The peer's address, or what a trusted proxy says of it. */
  readonly remoteAddress: string;
  /** For logs and error pages. */
  readonly requestId: string;
}

export interface Message {
  readonly status: number;
  /** Flat: name, value, name, value. `Content-Length` is the adapter's. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** HEAD is answered as GET is; the adapter leaves the body out (RFC 9110, 9.3.2). */
export const isRead = ({ method }: Pick<RequestRecord, "method">): boolean => method === "GET" || method === "HEAD";

export type Endpoint = (request: RequestRecord) => Promise<Message>;

/** A form or token request is far smaller; a larger one is refused with 413 unread. */
export const maximumBodyBytes = 64 * 1024;
