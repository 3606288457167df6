import { FlowError } from "@codegrant/protocol";
import { advise } from "../advice.ts";
import type { Provider } from "../provider.ts";
import type { ClientStore, RecordOwner, SaveResult, StoredRecord } from "../store/client-store.ts";
import { type ConnectionRecord, formatConnectionRecord, parseConnectionRecord } from "./connection-record.ts";

/** One client's connections at one provider, as records instead of texts. A store that fails is a `FlowError`. */
export interface ConnectionStore {
  readonly description: string;
  find(account: string): Promise<FoundConnection | undefined>;
  save(account: string, record: ConnectionRecord, ifVersion: string | undefined): Promise<SaveResult>;
  remove(account: string, ifVersion: string): Promise<"removed" | "changed">;
  list(after: string | undefined): Promise<FoundConnection[]>;
}

export interface FoundConnection {
  readonly account: string;
  readonly version: string;
  /** `undefined`: it is there and cannot be read. */
  readonly record: ConnectionRecord | undefined;
}

/** One page of accounts. */
const maximumListed = 1_000;
const maximumNameLength = 200;

export function createConnectionStore(store: ClientStore, provider: Provider, clientId: string): ConnectionStore {
  const owner = ownerOf("connection", provider, clientId);
  const keyOf = (account: string) => ({ ...owner, name: account });
  const trying = <T>(step: () => Promise<T>): Promise<T> => tryStore(provider, step);
  return {
    description: store.description,
    find: (account) =>
      trying(async () => {
        const found = await store.find(keyOf(account));
        return found && readRecord(found);
      }),
    save: (account, record, ifVersion) =>
      trying(() => store.save(keyOf(account), formatConnectionRecord(record), { ifVersion })),
    remove: (account, ifVersion) => trying(() => store.remove(keyOf(account), ifVersion)),
    list: (after) =>
      trying(async () => (await store.list(owner, { after, limit: maximumListed })).map((found) => readRecord(found))),
  };
}

/** A server is told by its issuer, or by where it gives tokens, so that two of one name are never mixed. */
export function ownerOf(kind: RecordOwner["kind"], provider: Provider, clientId: string): RecordOwner {
  const server = provider.issuer ?? new URL(provider.endpoints.token).origin;
  return { kind, provider: provider.name, server, clientId };
}

/** Throws `TypeError`. */
export function checkAccountName(name: string): void {
  if (typeof name !== "string" || name === "" || name.length > maximumNameLength || name.includes("\0")) {
    throw new TypeError(`An account's name has 1 to ${maximumNameLength} characters.`);
  }
}

export async function tryStore<T>(provider: Provider, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    const text = cause instanceof Error ? ` ${cause.message}` : "";
    throw advise(new FlowError("ERR_STORE_UNAVAILABLE", `The store of tokens failed.${text}`, { cause }), { provider });
  }
}

function readRecord({ key, version, value }: StoredRecord): FoundConnection {
  return { account: key.name, version, record: value === undefined ? undefined : parseConnectionRecord(value) };
}
