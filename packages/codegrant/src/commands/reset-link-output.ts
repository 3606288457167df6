import { formatTime, note } from "../output.ts";

export interface Link {
  readonly url: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export function linkAsJson({ url, expiresAt }: Link): object {
  return { url, expires_at: formatTime(expiresAt) };
}

/** Goes to stderr, so that stdout holds the link alone. */
export function noteAboutLink({ expiresAt }: Link, issuer: string | undefined): void {
  note(`The link sets a password, once, until ${formatTime(expiresAt)}. Send it to the user and to nobody else.`);
  if (issuer === undefined) note("Put your server's address before it, or give that address with --issuer.");
}
