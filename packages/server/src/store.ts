import type {
  Application,
  ApplicationSecret,
  ApplicationSettings,
  AuditEvent,
  Consent,
  DeviceRequest,
  Ending,
  EndReason,
  Grant,
  KeyRecord,
  Session,
  User,
} from "./records.ts";

/**
 * The port every store implements. A `find` or `list` reads; every other method is one atomic step:
 * it happens whole or not at all, and is durable before its promise resolves. A step that was decided on
 * loaded facts says whether those facts still held; nothing changed if they did not. What cannot be done now, and was
 * not begun, may reject with a `BusyError`: the answer is then 503 with `Retry-After`, not 500.
 * `storeContract` in `@codegrant/server/contract` is the suite that a store must pass.
 */
export interface Store {
  findApplication(clientId: string): Promise<Application | undefined>;
  findApplicationById(id: number): Promise<Application | undefined>;
  /** Ascending by id, at most 200 a page. Deleted applications are not found. */
  listApplications(page: Page & { readonly ownerId?: string }): Promise<readonly Application[]>;
  createApplication(application: NewApplication): Promise<Application>;
  /**
   * Replaces what is given; `settings` is replaced whole. Undefined when there is no such application. A change that
   * was decided on what was loaded gives that as `loaded`, and is `lost` if anything of it has changed since.
   */
  changeApplication(
    id: number,
    changes: ApplicationChanges,
    loaded?: Application,
  ): Promise<Application | "lost" | undefined>;
  /** Raises the application's epoch and writes one ending: every code, token and consent of it is over at once. */
  deleteApplication(id: number, at: number): Promise<"deleted" | "unknown">;

  /** The resources that enabled resource servers stand for, at most 200. */
  listResources(): Promise<readonly string[]>;
  /** Whether an enabled public application lists this browser origin. */
  hasOrigin(origin: string): Promise<boolean>;
  /**
   * Remembers one application token as revoked until it expires; beyond `maximum` living ones of an application its
   * token epoch is raised instead, which ends them all.
   */
  revokeApplicationToken(revocation: ApplicationTokenRevocation): Promise<void>;
  isApplicationTokenRevoked(applicationId: number, serial: Uint8Array): Promise<boolean>;

  findUser(id: string): Promise<User | undefined>;
  /** 0 until it was first raised. Works for a host's users too. */
  findUserEpoch(id: string): Promise<number>;
  /** Logins are compared without case. */
  findUserByLogin(login: string): Promise<User | undefined>;
  listUsers(page: Page): Promise<readonly User[]>;
  /** How many users there are; counts no further than `maximum`. */
  countAllUsers(maximum: number): Promise<number>;
  createUser(user: NewUser): Promise<User | "taken">;
  /**
   * Sets the password, ends the user's reset link and every other session and, when asked, raises the user's epoch and
   * those of all their consents.
   */
  changePassword(userId: string, change: PasswordChange): Promise<"changed" | "unknown">;
  /** Makes a link good once. An earlier link of the same user dies. */
  createResetLink(link: ResetLink): Promise<void>;
  findResetLink(secretHash: Uint8Array, now: number): Promise<User | undefined>;
  /** Spends the link and sets the password, or does neither. Of concurrent calls one wins. */
  redeemResetLink(secretHash: Uint8Array, change: PasswordChange): Promise<"redeemed" | "unknown">;
  /**
   * Ends the user's sessions, reset link and grants: who is disabled can do nothing and nobody can do anything for them.
   */
  disableUser(userId: string, at: number): Promise<"disabled" | "unknown">;
  enableUser(userId: string): Promise<"enabled" | "unknown">;
  /** The same as `disableUser`, and the user is gone: their login may be taken anew, their id never. */
  deleteUser(userId: string, at: number): Promise<"deleted" | "unknown">;
  /** Raises the user's epoch and those of all their consents, and writes one ending. Works for a host's users too. */
  endUserGrants(userId: string, ending: Ending): Promise<void>;

  /** Undefined when unknown or expired. */
  findSession(secretHash: Uint8Array, now: number): Promise<SignedIn | undefined>;
  createSession(session: Session): Promise<void>;
  endSession(secretHash: Uint8Array): Promise<void>;
  /** The user's living sessions, newest first, at most 50. */
  listSessions(userId: string, now: number): Promise<readonly Session[]>;
  /** Ends the user's sessions, all but this one if it is given. */
  endSessions(userId: string, except?: Uint8Array): Promise<void>;

  /** How many users let the application act for them now; counts no further than `maximum`. */
  countUsers(applicationId: number, maximum: number): Promise<number>;
  findConsent(userId: string, applicationId: number): Promise<Consent | undefined>;
  /** The user's living consents with their applications, by application id. */
  listConsents(userId: string, page: Page): Promise<readonly ConsentOfApplication[]>;
  /**
   * Raises the consent's epoch, forgets what was approved and writes one ending: nothing granted by it survives.
   * Unknown where there is no living consent.
   */
  endConsent(userId: string, applicationId: number, ending: Ending): Promise<"ended" | "unknown">;
  /** Sets the day of last use where it is later than the one kept. Lazy: nothing decides by it. */
  noteConsentsUsed(days: readonly { readonly consentId: number; readonly day: number }[]): Promise<void>;

  /** Grant and consent in one read. */
  findGrant(id: number): Promise<GrantFacts | undefined>;
  /**
   * Writes a grant, and the consent if a page was answered, if the epochs (and the count of answers) still stand as
   * loaded. Without a page (`remember`) a consent that was not living becomes so, and remembers nothing.
   */
  approve(approval: Approval): Promise<ApprovalOutcome>;
  /** The code is spent and its tokens exist, or neither (RFC 6749, 4.1.2). Of concurrent calls exactly one is `redeemed`. */
  redeemCode(id: number, revision: number, exchange: Exchange): Promise<"redeemed" | "lost">;
  /** Counts a wrong verifier against the waiting code. */
  countFailedTry(id: number, revision: number): Promise<"counted" | "lost">;
  rotate(id: number, revision: number, rotation: Rotation): Promise<"rotated" | "lost">;
  /** Ends access tokens up to and with that generation; refresh lives on. Idempotent, beats everything concurrent. */
  revokeAccessTokens(id: number, throughGeneration: number): Promise<void>;
  /**
   * Ends the grant now, unconditionally, and writes one ending. The first reason stays, also that of its consent.
   * The caller tells the operator of it, unless `whoTells` leaves that to the cleaner of whichever server walks by next:
   * a command cannot call a server's hook.
   */
  endGrant(
    id: number,
    ending: Ending,
    by?: { readonly whoTells?: "caller" | "cleaner" },
  ): Promise<"ended" | "already" | "unknown">;
  /**
   * One step of the cleaner: walks up to `limit` grants by ascending id. Stamps `ended` into each grant whose epochs
   * fell behind (with the reason kept in the endings) or whose time is over (`expiry`), and returns those it stamped and
   * those that were ended one by one for the cleaner to tell of, each in one step only;
   * removes codes never exchanged that expired, and grants that ended before `removeEndedBefore` and were
   * stamped and told of by an earlier step. At most 1,000 a step.
   * The newest grant always stays, so that ids are never reused.
   */
  cleanGrants(walk: CleanWalk): Promise<CleanStep>;
  /** Removes expired sessions, links, device requests and revoked serials, and endings and events older than `olderThan` whose grants are all stamped. */
  cleanRest(now: number, olderThan: number): Promise<void>;

  /** `full` when the application has `maximum` living requests, `taken` when the user code is in use. */
  createDeviceRequest(
    request: NewDeviceRequest,
    limits: { readonly maximum: number },
  ): Promise<"created" | "full" | "taken">;
  /** Expired ones are found until the cleaner removed them: the device is told which it is. */
  findDeviceRequest(deviceCodeHash: Uint8Array): Promise<DeviceRequest | undefined>;
  /** Undefined when unknown, answered or expired. */
  findDeviceRequestByUserCode(userCodeHash: Uint8Array, now: number): Promise<DeviceRequest | undefined>;
  /** Approval is `approve` with the request's id. */
  declineDeviceRequest(id: number): Promise<"declined" | "answered">;
  removeDeviceRequest(id: number): Promise<void>;

  /** Grants that live, ascending by id, at most 200 a page. */
  listGrants(page: Page & GrantFilter & { readonly now: number }): Promise<readonly GrantFacts[]>;
  /** Grants that ended since then, stamped already or not: `grant.ended` is always set, from the endings if need be. */
  listEndedGrants(page: Page & GrantFilter & EndedFilter): Promise<readonly GrantFacts[]>;
  /** What ended for one user since then, newest first, at most 50: one row an ending and application. */
  listEndings(userId: string, since: number): Promise<readonly EndingOfApplication[]>;
  /**
   * Raises every consent's epoch, writes the endings, and raises every application's token epoch by `at` and one: after
   * a restored backup it must not come to one that was in use since, whose tokens have no other proof.
   */
  endEverything(ending: Ending): Promise<void>;
  /** How many living grants name each key. */
  countGrantsByKey(now: number): Promise<readonly { readonly keyId: number; readonly grants: number }[]>;
  /** Ids of users with a living grant on the key, at most `limit`. */
  listUsersOfKey(keyId: number, page: { readonly now: number; readonly limit: number }): Promise<readonly string[]>;
  /**
   * Ends every living grant that names the key, for the cleaner to tell of; returns how many. In short steps, since they may be millions, and each
   * whole: if it is broken off, call it again.
   */
  endGrantsOfKey(keyId: number, ending: Ending): Promise<number>;

  listKeys(): Promise<readonly KeyRecord[]>;
  addKey(key: KeyRecord): Promise<"added" | "taken">;

  recordEvent(event: AuditEvent): Promise<void>;
  close(): Promise<void>;
}

/** Another try may help; the step wrote nothing. */
export interface BusyError extends Error {
  readonly retryAfterSeconds: number;
}

export interface Page {
  /** Exclusive; absent for the first page. */
  readonly afterId?: number;
  readonly limit: number;
}

export type NewApplication = Omit<Application, "id" | "epoch" | "disabled">;

export type NewDeviceRequest = Omit<DeviceRequest, "id" | "answer">;

export interface ApplicationTokenRevocation {
  readonly applicationId: number;
  /** 12 bytes. */
  readonly serial: Uint8Array;
  readonly expiresAt: number;
  readonly now: number;
  readonly maximum: number;
}

export interface GrantFilter {
  readonly userId?: string;
  readonly applicationId?: number;
}

export interface EndedFilter {
  readonly since: number;
  readonly now: number;
  readonly why?: EndReason;
}

export interface EndingOfApplication extends Ending {
  readonly application: Application;
}

export interface ApplicationChanges {
  readonly name?: string;
  readonly redirectUris?: readonly string[];
  readonly secrets?: readonly ApplicationSecret[];
  readonly settings?: ApplicationSettings;
  readonly disabled?: boolean;
  readonly tokenEpoch?: number;
}

export type NewUser = Pick<User, "login" | "displayName" | "createdAt"> & {
  readonly email?: string;
  readonly passwordHash?: string;
};

export interface PasswordChange {
  readonly passwordHash: string;
  readonly at: number;
  /** Raise the epochs too, so that every application must ask again. */
  readonly endGrants: boolean;
  /** The session that made the change is replaced by this one, under a new secret. */
  readonly newSession?: Session;
}

export interface ResetLink {
  readonly secretHash: Uint8Array;
  readonly userId: string;
  readonly expiresAt: number;
}

export interface SignedIn {
  readonly session: Session;
  readonly user: User;
}

export interface ConsentOfApplication {
  readonly consent: Consent;
  readonly application: Application;
}

export interface GrantFacts {
  readonly grant: Grant;
  readonly consent: Consent;
}

export type NewGrant = Omit<Grant, "id" | "consentId" | "revision">;

export interface Approval {
  readonly userId: string;
  readonly applicationId: number;
  /** The epochs as loaded; a consent that did not exist has epoch 0 and 0 answers. */
  readonly userEpoch: number;
  readonly applicationEpoch: number;
  readonly consentEpoch: number;
  readonly consentAnswered: number;
  /** Present when a page was answered: what the consent holds from now on, and `answered` goes up by one. */
  readonly remember?: Pick<Consent, "scopes" | "resources" | "redirectUris"> & {
    readonly answeredQueryHash: Uint8Array;
  };
  /** The device that the person approved: answered in the same step, and `changed` if it was answered before. */
  readonly deviceRequestId?: number;
  readonly at: number;
  /** Pure; called inside the step with the id that the store gives. */
  grant(id: number): NewGrant;
}

export type ApprovalOutcome =
  | { readonly outcome: "approved"; readonly grantId: number }
  | { readonly outcome: "changed" };

/** What an exchange writes; the waiting code is cleared. */
export type Exchange = Pick<
  Grant,
  "keyId" | "proof" | "generation" | "predecessor" | "rotatedAt" | "accessGeneration" | "expiresAt" | "refreshExpiresAt"
> & { readonly exchangedAt: number };

export type Rotation = Pick<
  Grant,
  "keyId" | "generation" | "predecessor" | "rotatedAt" | "accessGeneration" | "expiresAt" | "refreshExpiresAt"
>;

export interface CleanWalk {
  readonly afterId: number;
  readonly limit: number;
  readonly now: number;
  readonly removeEndedBefore: number;
}

export interface CleanStep {
  /** Undefined when the walk is through. */
  readonly nextAfterId: number | undefined;
  readonly ended: readonly { readonly grant: Grant; readonly consent: Consent; readonly why: EndReason }[];
  readonly removed: number;
}
