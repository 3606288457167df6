import type { Actor } from "../advice-rows.ts";
import type { Identity } from "../identity.ts";
import type { PlainTokens } from "../tokens.ts";

/** What the store keeps of one account's connection, as JSON. */
export interface ConnectionRecord {
  /** Drawn anew at each login, so that a refresh of the login before finds itself overtaken. */
  readonly grantId: string;
  /** Raised by each refresh that is saved. */
  readonly generation: number;
  /** Absent until the first login is through. */
  readonly tokens?: PlainTokens | undefined;
  /** What was asked for at the login. */
  readonly requestedScopes: readonly string[];
  readonly who?: Identity | undefined;
  /** A refresh has changed the refresh token before, so this provider's are spent by use. */
  readonly hasRotated?: boolean | undefined;
  readonly refreshLease?: Lease | undefined;
  readonly loginLease?: Lease | undefined;
  readonly journal?: Journal | undefined;
  readonly trouble?: Trouble | undefined;
  /** How the last login ended, for those who waited for it. */
  readonly loginEnd?: LoginEnd | undefined;
}

/** `owner` is that of the login's lease. */
export type LoginEnd = { readonly owner: string } & (
  | { readonly status: "approved" }
  | { readonly status: "declined" }
  | { readonly status: "cancelled" }
  | { readonly status: "timed_out"; readonly hint: string }
  | { readonly status: "other_user"; readonly expected: string; readonly who: Identity; readonly hint: string }
  | { readonly status: "failed"; readonly code: string; readonly message: string; readonly hint: string }
);

/**
 * Who may act now. No clock is in it: others count how long they have seen the same beat, each by their own, so that
 * no clock that jumps makes two holders.
 */
export interface Lease {
  /** Random: a holder knows its own lease by it. */
  readonly owner: string;
  /** Raised at each renewal. */
  readonly beat: number;
  readonly lengthSeconds: number;
  readonly holder?: ProcessIdentity | undefined;
}

/** Enough to tell, on the same machine, whether a process is gone. */
export interface ProcessIdentity {
  /** A fingerprint of machine, boot and process namespace. */
  readonly machine: string;
  readonly pid: number;
  /** As the system writes it; a process id alone may have been given to another. */
  readonly startedAt?: string | undefined;
}

/** Written before a refresh token is sent. While it stands, nobody knows whether that token is spent. */
export interface Journal {
  readonly refreshTokenHash: string;
  /** Epoch seconds. */
  readonly sentAt: number;
}

/** Why the connection is not simply active. The tokens stay: an access token may live on. */
export interface Trouble {
  readonly state: "provider_down" | "ambiguous" | "needs_login" | "client_broken";
  readonly code: string;
  readonly actor: Actor;
  readonly message: string;
  readonly hint: string;
  /** Epoch seconds. */
  readonly since: number;
  /** Epoch seconds before which nobody tries again. */
  readonly retryAt?: number | undefined;
  readonly failures?: number | undefined;
}

/** `undefined` for what this version did not write: that counts as unreadable, it is said, and a login overwrites it. */
export function parseConnectionRecord(value: string): ConnectionRecord | undefined {
  try {
    const { format, ...record } = JSON.parse(value) as { readonly format?: unknown } & ConnectionRecord;
    return format === currentFormat ? record : undefined;
  } catch {
    return undefined;
  }
}

export function formatConnectionRecord(record: ConnectionRecord): string {
  return JSON.stringify({ format: currentFormat, ...record });
}

const currentFormat = 1;
