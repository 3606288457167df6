import type { Application, Grant } from "../records.ts";
import type {
  Approval,
  Exchange,
  NewApplication,
  NewGrant,
  NewUser,
  PasswordChange,
  Rotation,
  Store,
} from "../store.ts";
import { found } from "./assertions.ts";

/** Sunday evening, somewhere. Stores have no clock of their own, so any time does. */
export const now = 1_700_000_000;

/** Twelve or more bytes that differ with the seed and hold high values, zeros and everything between. */
export function bytes(seed: number, length = 12): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (seed * 251 + index * 37) % 256);
}

export function application(change: Partial<NewApplication> = {}): NewApplication {
  return {
    clientId: "client1",
    name: "Printer",
    type: "confidential",
    redirectUris: ["https://printer.example/callback"],
    secrets: [{ hash: bytes(1, 32), createdAt: now }],
    settings: {},
    tokenEpoch: 4_000_000_000,
    createdAt: now,
    ...change,
  };
}

export function user(change: Partial<NewUser> = {}): NewUser {
  return { login: "ada", displayName: "Ada", createdAt: now, ...change };
}

export function passwordChange(change: Partial<PasswordChange> = {}): PasswordChange {
  return { passwordHash: "$argon2id$new", at: now + 100, endGrants: false, ...change };
}

export function grant(change: Partial<NewGrant> = {}): NewGrant {
  return {
    scopes: ["user:read:email", "channel_read"],
    resources: [],
    keyId: 1,
    proof: bytes(2),
    consentEpoch: 0,
    applicationEpoch: 0,
    generation: 0,
    predecessor: 0,
    rotatedAt: now,
    accessGeneration: 0,
    accessRevokedThrough: 0,
    code: { redirectUri: "https://printer.example/callback", failedTries: 0 },
    codeHash: bytes(3),
    challengePrefix: new Uint8Array(0),
    createdAt: now,
    expiresAt: now + 60,
    refreshExpiresAt: now + 60,
    ...change,
  };
}

export function exchange(change: Partial<Exchange> = {}): Exchange {
  return {
    keyId: 2,
    proof: bytes(4),
    generation: 1,
    predecessor: 0,
    rotatedAt: now + 5,
    accessGeneration: 1,
    exchangedAt: now + 5,
    expiresAt: now + 90 * 86_400,
    refreshExpiresAt: now + 90 * 86_400,
    ...change,
  };
}

export function rotation(change: Partial<Rotation> = {}): Rotation {
  return {
    keyId: 3,
    generation: 2,
    predecessor: 1,
    rotatedAt: now + 4000,
    accessGeneration: 2,
    expiresAt: now + 91 * 86_400,
    refreshExpiresAt: now + 91 * 86_400,
    ...change,
  };
}

/** A user and an application that may come to an understanding. The user is a host's: the store has no row for it. */
export interface Pair {
  readonly store: Store;
  readonly userId: string;
  readonly application: Application;
}

export async function pair(store: Store, change: { userId?: string; clientId?: string } = {}): Promise<Pair> {
  const { userId = "ada", clientId = "client1" } = change;
  return { store, userId, application: await store.createApplication(application({ clientId })) };
}

/** What the page wrote down when it was answered. */
export const remember = {
  scopes: ["user:read:email"],
  resources: ["https://api.example/"],
  redirectUris: ["https://printer.example/callback"],
  answeredQueryHash: bytes(5, 32),
};

/** An approval decided on what the store holds now; the user's epoch is the caller's to know. */
export async function approval(
  { store, userId, application: { id, epoch } }: Pair,
  change: Partial<Approval> & { readonly newGrant?: Partial<NewGrant> } = {},
): Promise<Approval> {
  const { newGrant, ...rest } = change;
  const consent = await store.findConsent(userId, id);
  const epochs = { consentEpoch: consent?.epoch ?? 0, applicationEpoch: epoch };
  return {
    userId,
    applicationId: id,
    userEpoch: 0,
    ...epochs,
    consentAnswered: consent?.answered ?? 0,
    at: now,
    grant: () => grant({ ...epochs, ...newGrant }),
    ...rest,
  };
}

/** A grant whose code waits. */
export async function approve(between: Pair, change: Parameters<typeof approval>[1] = {}): Promise<Grant> {
  const outcome = await between.store.approve(await approval(between, change));
  if (outcome.outcome !== "approved") throw new Error("An approval decided on the current facts was refused.");
  return findGrant(between.store, outcome.grantId);
}

/** A grant whose code was exchanged: its tokens are alive. */
export async function approveAndRedeem(
  between: Pair,
  change: Parameters<typeof approval>[1] = {},
  exchanged: Partial<Exchange> = {},
): Promise<Grant> {
  const { id, revision } = await approve(between, change);
  await between.store.redeemCode(id, revision, exchange(exchanged));
  return findGrant(between.store, id);
}

export async function findGrant(store: Store, id: number): Promise<Grant> {
  return found(await store.findGrant(id)).grant;
}
