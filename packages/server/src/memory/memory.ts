import type { Application, Consent, DeviceRequest, Ending, Grant, KeyRecord, Session, User } from "../records.ts";
import type { Page, ResetLink } from "../store.ts";

/** Everything that a memory store holds. Records are frozen copies: a change replaces the whole record. */
export interface Memory {
  readonly applications: Map<number, Application>;
  /** Deleted applications stay, so that their raised epoch is there to compare with. */
  readonly deletedApplications: Set<number>;
  readonly users: Map<string, User>;
  /** Apart from `users`, since a host's users are not there. No entry is 0. */
  readonly userEpochs: Map<string, number>;
  readonly resetLinks: Map<string, ResetLink>;
  readonly sessions: Map<string, Session>;
  readonly consents: Map<number, Consent>;
  readonly grants: Map<number, Grant>;
  /** By application: serials of revoked application tokens, and when each expires. */
  readonly revokedTokens: Map<number, Map<string, number>>;
  readonly deviceRequests: Map<number, DeviceRequest>;
  readonly keys: Map<number, KeyRecord>;
  /** Ended one by one; the cleaner has yet to tell of them. */
  readonly untoldGrants: Set<number>;
  /** In the order in which they were written, which is what counts: clocks may step back. */
  endings: readonly WrittenEnding[];
  readonly lastIds: Record<"application" | "user" | "consent" | "grant" | "ending" | "deviceRequest", number>;
}

/** What was ended, the epoch it had until then, and why. */
export interface WrittenEnding extends Ending {
  readonly id: number;
  readonly of: EndingOf;
  readonly epoch: number;
}

export type EndingOf =
  | { readonly userId: string }
  | { readonly applicationId: number }
  | { readonly consentId: number }
  | { readonly grantId: number; readonly consentId: number };

export function createMemory(): Memory {
  return {
    applications: new Map(),
    deletedApplications: new Set(),
    users: new Map(),
    userEpochs: new Map(),
    resetLinks: new Map(),
    sessions: new Map(),
    consents: new Map(),
    grants: new Map(),
    revokedTokens: new Map(),
    deviceRequests: new Map(),
    keys: new Map(),
    untoldGrants: new Set(),
    endings: [],
    lastIds: { application: 0, user: 0, consent: 0, grant: 0, ending: 0, deviceRequest: 0 },
  };
}

export function nextId(memory: Memory, of: keyof Memory["lastIds"]): number {
  memory.lastIds[of] += 1;
  return memory.lastIds[of];
}

export function writeEnding(memory: Memory, of: EndingOf, epoch: number, ending: Ending): void {
  const written = { id: nextId(memory, "ending"), of, epoch, at: ending.at, why: ending.why };
  memory.endings = [...memory.endings, written];
}

/** A frozen copy, so that nothing the caller does later with arrays or bytes changes what the store holds. */
export function keep<T>(value: T): T {
  if (value instanceof Uint8Array) return Uint8Array.from(value) as T;
  if (Array.isArray(value)) return Object.freeze(value.map(keep)) as T;
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.freeze(Object.fromEntries(members.map(([name, member]) => [name, keep(member)]))) as T;
}

/** One page of what is sorted by id: after `afterId`, at most 200. */
export function takePage<T>(sorted: readonly T[], page: Page, idOf: (one: T) => number): readonly T[] {
  const after = page.afterId ?? 0;
  return sorted.filter((one) => idOf(one) > after).slice(0, Math.min(Math.max(page.limit, 1), 200));
}

export const keyOfBytes = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
