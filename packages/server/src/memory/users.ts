import type { Ending, Session, User } from "../records.ts";
import type { PasswordChange, Store } from "../store.ts";
import { withoutApproval } from "./consents.ts";
import { keep, keyOfBytes, type Memory, nextId, takePage, writeEnding } from "./memory.ts";

type UserSteps = Pick<
  Store,
  | "findUser"
  | "findUserEpoch"
  | "findUserByLogin"
  | "listUsers"
  | "countAllUsers"
  | "createUser"
  | "changePassword"
  | "createResetLink"
  | "findResetLink"
  | "redeemResetLink"
  | "endUserGrants"
  | "findSession"
  | "createSession"
  | "endSession"
  | "listSessions"
  | "endSessions"
  | "disableUser"
  | "enableUser"
  | "deleteUser"
>;

export function userSteps(memory: Memory): UserSteps {
  const { users, resetLinks, sessions } = memory;
  const findLogin = (login: string): User | undefined =>
    [...users.values()].find((user) => loginKey(user.login) === loginKey(login));

  const userOfLink = (secretHash: Uint8Array, now: number): User | undefined => {
    const key = keyOfBytes(secretHash);
    const link = [...resetLinks.values()].find((one) => keyOfBytes(one.secretHash) === key && one.expiresAt > now);
    return link && withEpoch(memory, users.get(link.userId));
  };

  return {
    findUser: async (id) => withEpoch(memory, users.get(id)),
    findUserEpoch: async (id) => memory.userEpochs.get(id) ?? 0,
    findUserByLogin: async (login) => withEpoch(memory, findLogin(login)),
    listUsers: async (page) =>
      takePage([...users.values()], page, (user) => Number(user.id)).map((user) => withEpoch(memory, user)),

    countAllUsers: async (maximum) => Math.min(maximum, users.size),

    async createUser(user) {
      if (findLogin(user.login) !== undefined) return "taken";
      const created = keep({ ...user, id: String(nextId(memory, "user")), epoch: 0, disabled: false });
      users.set(created.id, created);
      return created;
    },

    async changePassword(userId, change) {
      const user = users.get(userId);
      if (user === undefined) return "unknown";
      setPassword(memory, user, change);
      return "changed";
    },

    async createResetLink(link) {
      if (!users.has(link.userId)) throw new TypeError("A reset link needs a user whom the store knows.");
      resetLinks.set(link.userId, keep(link));
    },

    findResetLink: async (secretHash, now) => userOfLink(secretHash, now),

    async redeemResetLink(secretHash, change) {
      const user = userOfLink(secretHash, change.at);
      if (user === undefined) return "unknown";
      setPassword(memory, user, change);
      return "redeemed";
    },

    async disableUser(userId, at) {
      const user = users.get(userId);
      if (user === undefined) return "unknown";
      users.set(userId, keep({ ...user, disabled: true }));
      endAllOf(memory, userId, at);
      return "disabled";
    },

    async enableUser(userId) {
      const user = users.get(userId);
      if (user === undefined) return "unknown";
      users.set(userId, keep({ ...user, disabled: false }));
      return "enabled";
    },

    async deleteUser(userId, at) {
      if (!users.delete(userId)) return "unknown";
      endAllOf(memory, userId, at);
      return "deleted";
    },

    endUserGrants: async (userId, ending) => raiseUser(memory, userId, ending),

    async findSession(secretHash, now) {
      const session = sessions.get(keyOfBytes(secretHash));
      if (session === undefined || session.expiresAt <= now) return undefined;
      const user = withEpoch(memory, users.get(session.userId));
      return user && { session, user };
    },

    createSession: async (session) => addSession(memory, session),

    async endSession(secretHash) {
      sessions.delete(keyOfBytes(secretHash));
    },

    listSessions: async (userId, now) =>
      [...sessions.values()]
        .filter((session) => session.userId === userId && session.expiresAt > now)
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .slice(0, 50),

    endSessions: async (userId, except) => endSessions(memory, userId, except),
  };
}

/** "Ada", "ADA" and their full-width twin are one login. */
const loginKey = (login: string): string => login.normalize("NFKC").toLowerCase();

function withEpoch<T extends User | undefined>(memory: Memory, user: T): T {
  return user && { ...user, epoch: memory.userEpochs.get(user.id) ?? 0 };
}

function setPassword(memory: Memory, user: User, change: PasswordChange): void {
  memory.users.set(user.id, keep({ ...user, passwordHash: change.passwordHash }));
  memory.resetLinks.delete(user.id);
  endSessions(memory, user.id);
  if (change.newSession !== undefined) addSession(memory, change.newSession);
  if (change.endGrants) raiseUser(memory, user.id, { at: change.at, why: "password" });
}

function endSessions(memory: Memory, userId: string, except?: Uint8Array): void {
  const kept = except && keyOfBytes(except);
  for (const [key, session] of memory.sessions) {
    if (session.userId === userId && key !== kept) memory.sessions.delete(key);
  }
}

function endAllOf(memory: Memory, userId: string, at: number): void {
  memory.resetLinks.delete(userId);
  endSessions(memory, userId);
  raiseUser(memory, userId, { at, why: "user" });
}

function addSession(memory: Memory, session: Session): void {
  if (!memory.users.has(session.userId)) throw new TypeError("A session needs a user whom the store knows.");
  memory.sessions.set(keyOfBytes(session.secretHash), keep(session));
}

function raiseUser(memory: Memory, userId: string, ending: Ending): void {
  const epoch = memory.userEpochs.get(userId) ?? 0;
  memory.userEpochs.set(userId, epoch + 1);
  for (const consent of memory.consents.values()) {
    if (consent.userId === userId) memory.consents.set(consent.id, withoutApproval(consent));
  }
  writeEnding(memory, { userId }, epoch, ending);
}
