import type { ClientStore, RecordKey, SaveOptions } from "../store/client-store.ts";

/** One promise that every store keeps. */
export interface ClientStoreCase {
  readonly name: string;
  /** For stores that outlive their process: `open.again` must be there. A store that forgets leaves these out. */
  readonly needsAgain: boolean;
  /** Rejects where the promise is broken. */
  readonly run: (open: OpenClientStore) => Promise<void>;
}

/** Opens an empty store of its own for each call. */
export interface OpenClientStore {
  (): Promise<ClientStore>;
  /** Another store over what this one keeps, as another process opens it. */
  readonly again?: ((store: ClientStore) => Promise<ClientStore>) | undefined;
  /** After each case, for every store that was opened. */
  readonly close?: ((store: ClientStore) => Promise<void>) | undefined;
}

export function storeCase(name: string, test: (store: ClientStore) => Promise<void>): ClientStoreCase {
  return {
    name,
    needsAgain: false,
    async run(open) {
      const store = await open();
      try {
        await test(store);
      } finally {
        await open.close?.(store);
      }
    },
  };
}

/** A case of two stores over one place. */
export function sharedCase(
  name: string,
  test: (first: ClientStore, second: ClientStore) => Promise<void>,
): ClientStoreCase {
  return {
    name,
    needsAgain: true,
    async run(open) {
      if (open.again === undefined) throw new TypeError("This case is for stores that can be opened again.");
      const first = await open();
      const second = await open.again(first);
      try {
        await test(first, second);
      } finally {
        await open.close?.(second);
        await open.close?.(first);
      }
    },
  };
}

export function recordKey(overrides: Partial<RecordKey> = {}): RecordKey {
  return {
    kind: "connection",
    provider: "example",
    server: "https://provider.example",
    clientId: "wj4l4ksmn4oydu2f9ano65stxca4ie",
    name: "default",
    ...overrides,
  };
}

/** The version, where the save must win. */
export async function saved(
  store: ClientStore,
  key: RecordKey,
  value: string,
  options: SaveOptions = { ifVersion: undefined },
): Promise<string> {
  const result = await store.save(key, value, options);
  if (result.status !== "saved") throw new Error("a save at the current version must be kept");
  return result.version;
}
