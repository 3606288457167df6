import type { PasswordChange, Session, SignedIn, Store, User } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { EndingSteps } from "./endings.ts";
import { pageOf, rowIdOf } from "./lists.ts";

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

export function userSteps(
  { prepare, prepareArrays, read, write, together }: Connection,
  { raiseUser }: EndingSteps,
): UserSteps {
  const userColumns = `u.id, u.login, u.display_name, u.email, u.password_hash, u.disabled, u.created_at,
    coalesce((SELECT epoch FROM user_epochs WHERE user_id = CAST(u.id AS TEXT)), 0) AS epoch`;
  const findById = prepareArrays<UserRow>(`SELECT ${userColumns} FROM users u WHERE id = ?`);
  const findByLogin = prepareArrays<UserRow>(`SELECT ${userColumns} FROM users u WHERE login_key = ?`);
  const findEpoch = prepare<{ readonly epoch: number }>("SELECT epoch FROM user_epochs WHERE user_id = ?");
  const list = prepareArrays<UserRow>(`SELECT ${userColumns} FROM users u WHERE id > ? ORDER BY id LIMIT ?`);
  const countAll = prepare<{ readonly users: number }>(
    "SELECT count(*) AS users FROM (SELECT 1 FROM users WHERE id > 0 LIMIT ?)",
  );
  const insert = prepare(`
    INSERT INTO users (login, login_key, display_name, email, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (login_key) DO NOTHING
  `);
  const setPassword = prepare("UPDATE users SET password_hash = ? WHERE id = ?");

  const createLink = prepare("INSERT OR REPLACE INTO reset_links (user_id, secret_hash, expires_at) VALUES (?, ?, ?)");
  const findLink = prepareArrays<UserRow>(`
    SELECT ${userColumns} FROM reset_links l JOIN users u ON u.id = l.user_id WHERE l.secret_hash = ? AND l.expires_at > ?
  `);
  const removeLink = prepare("DELETE FROM reset_links WHERE user_id = ?");

  const findSession = prepareArrays<SignedInRow>(`
    SELECT s.created_at, s.expires_at, s.label, ${userColumns} FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.secret_hash = ? AND s.expires_at > ?
  `);
  const createSession = prepare(
    "INSERT INTO sessions (secret_hash, user_id, created_at, expires_at, label) VALUES (?, ?, ?, ?, ?)",
  );
  const endSession = prepare("DELETE FROM sessions WHERE secret_hash = ?");
  const endSessions = prepare("DELETE FROM sessions WHERE user_id = ?1 AND secret_hash IS NOT ?2");
  const listSessions = prepare<SessionRow>(`
    SELECT secret_hash, created_at, expires_at, label FROM sessions
    WHERE user_id = ? AND expires_at > ? ORDER BY created_at DESC LIMIT 50
  `);
  const setDisabled = prepare("UPDATE users SET disabled = ? WHERE id = ?");
  const remove = prepare("DELETE FROM users WHERE id = ?");

  const addSession = ({ secretHash, userId, createdAt, expiresAt, label }: Session): void => {
    createSession.run(secretHash, rowIdOf(userId), createdAt, expiresAt, label ?? null);
  };

  const endAllOf = (userId: string, at: number): void => {
    removeLink.run(rowIdOf(userId));
    endSessions.run(rowIdOf(userId), null);
    raiseUser(userId, { at, why: "user" });
  };

  const change = (userId: string, { passwordHash, at, endGrants, newSession }: PasswordChange): boolean =>
    together(() => {
      const id = rowIdOf(userId);
      if (setPassword.run(passwordHash, id).changes === 0) return false;
      removeLink.run(id);
      endSessions.run(id, null);
      if (newSession !== undefined) addSession(newSession);
      if (endGrants) raiseUser(userId, { at, why: "password" });
      return true;
    });

  return {
    findUser: (id) => read(() => decodeUser(findById.get(rowIdOf(id)))),
    findUserEpoch: (id) => read(() => findEpoch.get(id)?.epoch ?? 0),
    findUserByLogin: (login) => read(() => decodeUser(findByLogin.get(loginKey(login)))),
    listUsers: (page) => read(() => list.all(...pageOf(page)).map((row) => decodeUser(row))),

    countAllUsers: (maximum) => read(() => countAll.get(maximum)?.users ?? 0),
    createUser: (user) =>
      write(() => {
        const { login, displayName, email, passwordHash, createdAt } = user;
        const values = [login, loginKey(login), displayName, email ?? null, passwordHash ?? null, createdAt];
        const { changes, lastInsertRowid } = insert.run(...values);
        return changes === 0 ? "taken" : { ...user, id: String(lastInsertRowid), epoch: 0, disabled: false };
      }),

    changePassword: (userId, passwordChange) => write(() => (change(userId, passwordChange) ? "changed" : "unknown")),

    createResetLink: ({ userId, secretHash, expiresAt }) =>
      write(() => {
        createLink.run(rowIdOf(userId), secretHash, expiresAt);
      }),
    findResetLink: (secretHash, now) => read(() => decodeUser(findLink.get(secretHash, now))),
    redeemResetLink: (secretHash, passwordChange) =>
      write(() => {
        const user = decodeUser(findLink.get(secretHash, passwordChange.at));
        return user !== undefined && change(user.id, passwordChange) ? "redeemed" : "unknown";
      }),

    disableUser: (userId, at) =>
      write(() =>
        together(() => {
          if (setDisabled.run(1, rowIdOf(userId)).changes === 0) return "unknown";
          endAllOf(userId, at);
          return "disabled";
        }),
      ),
    enableUser: (userId) => write(() => (setDisabled.run(0, rowIdOf(userId)).changes === 0 ? "unknown" : "enabled")),
    deleteUser: (userId, at) =>
      write(() =>
        together(() => {
          if (findById.get(rowIdOf(userId)) === undefined) return "unknown";
          // First what refers to the row, then the row.
          endAllOf(userId, at);
          remove.run(rowIdOf(userId));
          return "deleted";
        }),
      ),

    endUserGrants: (userId, ending) => write(() => raiseUser(userId, ending)),

    findSession: (secretHash, now) =>
      read(() => {
        const row = findSession.get(secretHash, now);
        return row && decodeSignedIn(secretHash, row);
      }),
    createSession: (session) => write(() => addSession(session)),
    endSession: (secretHash) =>
      write(() => {
        endSession.run(secretHash);
      }),
    listSessions: (userId, now) =>
      read(() => listSessions.all(rowIdOf(userId), now).map((row) => decodeSession(row, userId))),
    endSessions: (userId, except) =>
      write(() => {
        endSessions.run(rowIdOf(userId), except ?? null);
      }),
  };
}

/** In the order of `userColumns`. */
type UserRow = readonly [
  id: number,
  login: string,
  displayName: string,
  email: string | null,
  passwordHash: string | null,
  disabled: number,
  createdAt: number,
  epoch: number,
];

/** Read at every authorize request. */
type SignedInRow = readonly [createdAt: number, expiresAt: number, label: string | null, ...UserRow];

function decodeSignedIn(secretHash: Uint8Array, row: SignedInRow): SignedIn {
  const [createdAt, expiresAt, label] = row;
  const user = decodeUser(row.slice(sessionColumnCount) as unknown as UserRow);
  return { session: { secretHash, userId: user.id, createdAt, expiresAt, ...(label !== null && { label }) }, user };
}

const sessionColumnCount = 3;

interface SessionRow {
  readonly secret_hash: Uint8Array;
  readonly created_at: number;
  readonly expires_at: number;
  readonly label: string | null;
}

function decodeSession(row: SessionRow, userId: string): Session {
  const { secret_hash, created_at: createdAt, expires_at: expiresAt, label } = row;
  return { secretHash: Uint8Array.from(secret_hash), userId, createdAt, expiresAt, ...(label !== null && { label }) };
}

/** "Ada", "ADA" and their full-width twin are one login. */
const loginKey = (login: string): string => login.normalize("NFKC").toLowerCase();

function decodeUser(row: UserRow): User;
function decodeUser(row: UserRow | undefined): User | undefined;
function decodeUser(row: UserRow | undefined): User | undefined {
  if (row === undefined) return undefined;
  const [id, login, displayName, email, passwordHash, disabled, createdAt, epoch] = row;
  const user: { -readonly [Member in keyof User]: User[Member] } = {
    id: String(id),
    login,
    displayName,
    epoch,
    disabled: disabled === 1,
    createdAt,
  };
  if (email !== null) user.email = email;
  if (passwordHash !== null) user.passwordHash = passwordHash;
  return user;
}
