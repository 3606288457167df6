import type { DialectFamily } from "@codegrant/protocol";

/** What the store keeps. Times are epoch seconds; ids come from the store, are never reused, and are only ever compared for equality. */

export interface User {
  /** Opaque to the protocol; a host's own users keep the host's ids. */
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly email?: string;
  /** argon2id, PHC format. Absent while the user has not set one. */
  readonly passwordHash?: string;
  /** Raised by whatever ends all of a user's grants. Users the store has never raised stand at 0. */
  readonly epoch: number;
  readonly disabled: boolean;
  readonly createdAt: number;
}

export interface Application {
  readonly id: number;
  readonly clientId: string;
  readonly name: string;
  readonly type: "confidential" | "public";
  readonly redirectUris: readonly string[];
  /** At most two: the second only while a rotation overlaps. Empty for public applications. */
  readonly secrets: readonly ApplicationSecret[];
  /** The user who registered it; absent when the operator did. */
  readonly ownerId?: string;
  readonly settings: ApplicationSettings;
  /** A disabled application is refused, and its tokens rest until it is enabled again. */
  readonly disabled: boolean;
  /** Raised when it is deleted: nothing granted to it survives. */
  readonly epoch: number;
  /** Carried by application tokens only; starts at a random 32-bit number, raised to end them all. */
  readonly tokenEpoch: number;
  readonly createdAt: number;
}

export interface ApplicationSecret {
  /** SHA-256 of 256 random bits: no dictionary, so one fast hash is right. */
  readonly hash: Uint8Array;
  readonly createdAt: number;
  readonly expiresAt?: number;
}

/** Switches of one application. Absent means the dialect's own rule. */
export interface ApplicationSettings {
  readonly pkce?: "required" | "optional";
  readonly refreshRotation?: "on" | "off";
  readonly onReuse?: "end" | "refuse";
  readonly trusted?: boolean;
  readonly resourceServer?: boolean;
  readonly resources?: readonly string[];
  readonly origins?: readonly string[];
  readonly allowedScopes?: readonly string[];
  readonly optionalScopes?: readonly string[];
  readonly category?: string;
  /** Beside `disabled`: its developer did it and may undo it; otherwise the operator did. */
  readonly disabledByOwner?: boolean;
  readonly accessTokenLifetimeSeconds?: number;
  readonly refreshTokenLifetimeSeconds?: number;
}

/** What one user lets one application do: one row per pair, kept after a Disconnect so that its epoch never starts over. */
export interface Consent {
  readonly id: number;
  readonly userId: string;
  readonly applicationId: number;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** The redirect URIs that the user has seen on a consent page. */
  readonly redirectUris: readonly string[];
  /** Absent once ended: the next request shows the page again. */
  readonly since?: number;
  /** Days since 1970; written lazily, nothing decides by it. */
  readonly lastUsedDay?: number;
  /** How many consent forms were approved, and the query of the last one: the same form cannot be answered twice. */
  readonly answered: number;
  readonly answeredQueryHash?: Uint8Array;
  readonly epoch: number;
}

/** One approval. Its code, access and refresh tokens are views of this row (see `tokens/token.ts`). */
export interface Grant {
  readonly id: number;
  readonly consentId: number;
  /** Frozen: token masks count positions in it. */
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** The key of the current refresh token, so that a retry derives the same bytes. */
  readonly keyId: number;
  /** The end of the proof chain: 12 bytes. */
  readonly proof: Uint8Array;
  readonly consentEpoch: number;
  readonly applicationEpoch: number;
  /** The refresh token's generation; 0 while the code waits. Raised by rotation only. */
  readonly generation: number;
  /** The generation whose refresh led to the current one; a generation between the two never arrived and is theft. */
  readonly predecessor: number;
  readonly rotatedAt: number;
  /** What access tokens carry. They are good above `accessRevokedThrough`. */
  readonly accessGeneration: number;
  readonly accessRevokedThrough: number;
  /** Held until the exchange only. */
  readonly code?: WaitingCode;
  /** 12 bytes: a replay is known by it for the grant's life. */
  readonly codeHash: Uint8Array;
  /** The challenge's first 12 bytes; empty without PKCE. */
  readonly challengePrefix: Uint8Array;
  readonly createdAt: number;
  readonly exchangedAt?: number;
  /** When the row dies unless it is used again. */
  readonly expiresAt: number;
  /** The expiry that the current refresh token carries; stands still while rotation is off. */
  readonly refreshExpiresAt: number;
  readonly ended?: Ending;
  /** Counts the row's changes: a step applies only to the row it was decided on. */
  readonly revision: number;
}

export interface WaitingCode {
  readonly redirectUri: string;
  /** S256, 43 characters. */
  readonly codeChallenge?: string;
  readonly failedTries: number;
}

export interface Ending {
  readonly at: number;
  readonly why: EndReason;
}

/** Every reason for which a grant can be over. */
export const endReasons = [
  "disconnect",
  "theft",
  "replay",
  "revoke",
  "password",
  "user",
  "application",
  "key",
  "operator",
  "expiry",
] as const;

export type EndReason = (typeof endReasons)[number];

/** A browser that is signed in. The secret is in its cookie and nowhere else. */
export interface Session {
  readonly secretHash: Uint8Array;
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** What browser it said it is, for its user to know it by: at most 60 characters. */
  readonly label?: string;
}

/** A device that waits for its person (RFC 8628). Lives for minutes. */
export interface DeviceRequest {
  readonly id: number;
  /** SHA-256 of 256 random bits that only the device holds. */
  readonly deviceCodeHash: Uint8Array;
  /** Keyed hash of the short code that the person types: without the key, a stolen row tells no code. */
  readonly userCodeHash: Uint8Array;
  readonly applicationId: number;
  readonly family: DialectFamily;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Absent while the person has not answered. */
  readonly answer?: "declined" | { readonly grantId: number };
}

/** A key id once given is never given again; the check value shows whether a key file still holds that key. */
export interface KeyRecord {
  readonly id: number;
  readonly checkValue: Uint8Array;
  readonly createdAt: number;
}

/** A rare event that an operator may ask about later. Never holds a secret. */
export interface AuditEvent {
  readonly at: number;
  readonly event: string;
  readonly userId?: string;
  readonly applicationId?: number;
  readonly requestId?: string;
  readonly detail?: string;
}
