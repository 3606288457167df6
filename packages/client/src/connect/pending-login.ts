import type { PendingAuthorization } from "../flow/pending.ts";
import { ownerOf, tryStore } from "../keeper/connection-store.ts";
import type { Provider } from "../provider.ts";
import type { ClientStore, SaveResult } from "../store/client-store.ts";
import type { SavedLogin } from "./save-login.ts";

/** A web login under way, one record per `state`. */
export interface PendingLogin {
  /** Of the cookie of the browser that began it. */
  readonly browserHash: string;
  readonly account?: string | undefined;
  readonly expect?: string | undefined;
  /** Absent once the answer is in: the verifier goes with it. */
  readonly pending?: PendingAuthorization | undefined;
  /** Whoever of several processes is exchanging the code. */
  readonly claimedBy?: string | undefined;
  /** For the same callback again. */
  readonly result?: SavedLogin | { readonly status: "declined" } | undefined;
}

export interface FoundLogin {
  readonly version: string;
  readonly login: PendingLogin;
}

export interface PendingStore {
  find(state: string): Promise<FoundLogin | undefined>;
  save(state: string, login: PendingLogin, options: PendingSave): Promise<SaveResult>;
  remove(state: string, ifVersion: string): Promise<void>;
  removeExpired(nowSeconds: number): Promise<void>;
}

export interface PendingSave {
  readonly ifVersion: string | undefined;
  readonly expiresAt: number;
}

export function createPendingStore(store: ClientStore, provider: Provider, clientId: string): PendingStore {
  const owner = ownerOf("pending", provider, clientId);
  const keyOf = (state: string) => ({ ...owner, name: state });
  const trying = <T>(step: () => Promise<T>): Promise<T> => tryStore(provider, step);
  return {
    find: (state) =>
      trying(async () => {
        const found = await store.find(keyOf(state));
        if (found?.value === undefined) return undefined;
        return { version: found.version, login: JSON.parse(found.value) as PendingLogin };
      }),
    save: (state, login, options) => trying(() => store.save(keyOf(state), JSON.stringify(login), options)),
    remove: (state, ifVersion) =>
      trying(async () => {
        await store.remove(keyOf(state), ifVersion);
      }),
    removeExpired: (nowSeconds) => trying(() => store.removeExpired(nowSeconds)),
  };
}
