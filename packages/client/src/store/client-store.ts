/**
 * Where connections and logins under way are kept: the port. A store keeps texts under keys and knows nothing of what
 * they mean, so that one for Redis or a worker's durable object is four small operations; every rule lives above it. Each call is
 * one atomic step. `@codegrant/client/contract` holds what a store must promise, as cases to run.
 *
 * A value holds secrets in the open. Keep it where only its owner can read it.
 */
export interface ClientStore {
  /** What `status` tells people: where the tokens lie, and whether they are encrypted there. */
  readonly description: string;
  find(key: RecordKey): Promise<StoredRecord | undefined>;
  /**
   * Writes the value only if the record is still at `ifVersion` (`undefined`: only if there is none), and keeps it
   * before it answers. Of concurrent calls with one version exactly one is `saved`.
   */
  save(key: RecordKey, value: string, options: SaveOptions): Promise<SaveResult>;
  /** Forgets the record, with every copy, if it is still at this version. */
  remove(key: RecordKey, ifVersion: string): Promise<"removed" | "changed">;
  /** By name in order of code points, at most `limit`, those after `after`. */
  list(of: RecordOwner, page: { readonly after?: string | undefined; readonly limit: number }): Promise<StoredRecord[]>;
  /** Forgets what may be forgotten by this time (epoch seconds). A store with a clock of its own may do it by itself. */
  removeExpired(nowSeconds: number): Promise<void>;
}

/** Connections of two providers, two servers, two clients or two kinds are never mixed. */
export interface RecordOwner {
  /** A connection of an account, or a login under way. */
  readonly kind: "connection" | "pending";
  /** The provider's name. */
  readonly provider: string;
  /** Its issuer, or where its token endpoint is. */
  readonly server: string;
  readonly clientId: string;
}

export interface RecordKey extends RecordOwner {
  /** The account's name, or the state of the login. At most 200 characters. */
  readonly name: string;
}

export interface StoredRecord {
  readonly key: RecordKey;
  /** Chosen by the store at each save and never given twice, also after a removal. */
  readonly version: string;
  /** `undefined`: it is there and cannot be read, for instance because its key was replaced. */
  readonly value: string | undefined;
}

export interface SaveOptions {
  readonly ifVersion: string | undefined;
  /** Epoch seconds after which the store may forget the record; absent: never. */
  readonly expiresAt?: number | undefined;
}

export type SaveResult = { readonly status: "saved"; readonly version: string } | { readonly status: "changed" };
