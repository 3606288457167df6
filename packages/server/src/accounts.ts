import type { RequestRecord } from "./message.ts";
import type { Platform } from "./platform.ts";
import type { User } from "./records.ts";
import type { Store } from "./store.ts";

/**
 * The users of a platform that has accounts already: pass it to `createPlatform`, and the server keeps no passwords
 * and no sessions of its own. Its pages of passwords and sign-out are not there then.
 *
 * @example
 * ```ts
 * const accounts: HostAccounts = {
 *   async authenticate(request) {
 *     const member = await members.findByCookie(request.header("cookie"));
 *     return member ?? { signInUrl: "/login", returnParameter: "next" };
 *   },
 *   findUser: (id) => members.find(id),
 * };
 * const platform = createPlatform({ store, keys, settings, accounts });
 * ```
 */
export interface HostAccounts {
  /**
   * Who sent this request, or where they sign in. Asked for each page and form. Check the session
   * as for any page of yours: whoever is named here can let applications act for them.
   */
  authenticate(request: RequestRecord): Promise<HostUser | HostSignIn>;
  /**
   * For names beside ids: of owners of applications, in introspection. Asked again before an approval is kept and before
   * its code or device code is exchanged. Undefined once the user is gone.
   */
  findUser(id: string): Promise<HostUser | undefined>;
  /**
   * Where people sign in although they are signed in: for `prompt=login`, and to take another account. Without it the
   * first is refused with `login_required` and the second not offered.
   */
  readonly signInAgain?: HostSignIn;
}

export interface HostUser {
  /** Never given to another user: 1 to 255 characters, the host's own. */
  readonly id: string;
  /** What the user knows their account by; pages and answers show it. */
  readonly login: string;
  readonly displayName?: string;
  /** Can let no application act for them. What was granted before goes on: `endUserGrants` ends that. */
  readonly disabled?: boolean;
  /** For the dialects that tell it to an application with the right scope. */
  readonly email?: string;
  /** Epoch seconds; some dialects tell it. */
  readonly createdAt?: number;
  /** Epoch seconds of the sign-in itself: only with it can `prompt=login` be answered. */
  readonly authenticatedAt?: number;
  /** Changes with every sign-in, if you have such an id: forms are then tied to it and die with it. No secret. */
  readonly sessionId?: string;
}

export interface HostSignIn {
  /** A path of the host, or an absolute address. */
  readonly signInUrl: string;
  /** The query parameter that gets the absolute address to come back to; `return_to` unless given. */
  readonly returnParameter?: string;
}

export function isHostUser(answer: HostUser | HostSignIn): answer is HostUser {
  return !("signInUrl" in answer);
}

/** The host's user as a record; the epoch is ours, raised by `endUserGrants`. */
export async function recordOfHostUser(
  { store }: Pick<UserSource, "store">,
  { id, login, ...user }: HostUser,
): Promise<User> {
  if (id === "" || id.length > 255) throw new TypeError("A host's user has an id of 1 to 255 characters.");
  const { displayName = login, email, createdAt = 0, disabled = false } = user;
  const epoch = await store.findUserEpoch(id);
  return { id, login, displayName, ...(email !== undefined && { email }), epoch, disabled, createdAt };
}

type UserSource = Pick<Platform, "accounts"> & { readonly store: Pick<Store, "findUser" | "findUserEpoch"> };

/** By id, whoever keeps the users. */
export async function findUserById(platform: UserSource, id: string): Promise<User | undefined> {
  const { accounts, store } = platform;
  if (accounts === undefined) return store.findUser(id);
  const user = await accounts.findUser(id);
  return user && recordOfHostUser(platform, user);
}

/** False when the host has disabled the user or knows them no more. What ends users of our own raises their epoch. */
export async function mayGrant({ accounts }: Pick<Platform, "accounts">, userId: string): Promise<boolean> {
  if (accounts === undefined) return true;
  const user = await accounts.findUser(userId);
  return user !== undefined && user.disabled !== true;
}
