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
  | "createUser"
  | "changePassword"
  | "createResetLink"
  | "findResetLink"
  | "redeemResetLink"
  | "endUserGrants"
  | "findSession"
  | "createSession"
  | "endSession"
>;

export function userSteps(
  { prepare, prepareArrays, read, write, together }: Connection,
  { raiseUser }: EndingSteps,
): UserSteps {
  const userColumns = `u.id, u.login, u.display_name, u.email, u.password_hash, u.disabled, u.created_at,
    coalesce((SELECT epoch FROM user_epochs WHERE user_id = CAST(u.id AS TEXT)), 0) AS epoch`;
  const findById = prepare<UserRow>(`SELECT ${userColumns} FROM users u WHERE id = ?`);
  const findByLogin = prepare<UserRow>(`SELECT ${userColumns} FROM users u WHERE login_key = ?`);
  const findEpoch = prepare<{ readonly epoch: number }>("SELECT epoch FROM user_epochs WHERE user_id = ?");
  const list = prepare<UserRow>(`SELECT ${userColumns} FROM users u WHERE id > ? ORDER BY id LIMIT ?`);
  const insert = prepare(`
    INSERT INTO users (login, login_key, display_name, email, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (login_key) DO NOTHING
  `);
  const setPassword = prepare("UPDATE users SET password_hash = ? WHERE id = ?");

  const createLink = prepare("INSERT OR REPLACE INTO reset_links (user_id, secret_hash, expires_at) VALUES (?, ?, ?)");
  const findLink = prepare<UserRow>(`
    SELECT ${userColumns} FROM reset_links l JOIN users u ON u.id = l.user_id WHERE l.secret_hash = ? AND l.expires_at > ?
  `);
  const removeLink = prepare("DELETE FROM reset_links WHERE user_id = ?");

  const findSession = prepareArrays<SessionRow>(`
    SELECT s.created_at, s.expires_at, ${userColumns} FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.secret_hash = ? AND s.expires_at > ?
  `);
  const createSession = prepare(
    "INSERT INTO sessions (secret_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
  );
  const endSession = prepare("DELETE FROM sessions WHERE secret_hash = ?");
  const endSessions = prepare("DELETE FROM sessions WHERE user_id = ?");

  const addSession = ({ secretHash, userId, createdAt, expiresAt }: Session): void => {
    createSession.run(secretHash, rowIdOf(userId), createdAt, expiresAt);
  };

  const change = (userId: string, { passwordHash, at, endGrants, newSession }: PasswordChange): boolean =>
    together(() => {
      const id = rowIdOf(userId);
      if (setPassword.run(passwordHash, id).changes === 0) return false;
      removeLink.run(id);
      endSessions.run(id);
      if (newSession !== undefined) addSession(newSession);
      if (endGrants) raiseUser(userId, { at, why: "password" });
      return true;
    });

  return {
    findUser: (id) => read(() => decodeUser(findById.get(rowIdOf(id)))),
    findUserEpoch: (id) => read(() => findEpoch.get(id)?.epoch ?? 0),
    findUserByLogin: (login) => read(() => decodeUser(findByLogin.get(loginKey(login)))),
    listUsers: (page) => read(() => list.all(...pageOf(page)).flatMap((row) => decodeUser(row) ?? [])),

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

    endUserGrants: (userId, ending) => write(() => raiseUser(userId, ending)),

    findSession: (secretHash, now) =>
      read(() => {
        const row = findSession.get(secretHash, now);
        return row && decodeSession(secretHash, row);
      }),
    createSession: (session) => write(() => addSession(session)),
    endSession: (secretHash) =>
      write(() => {
        endSession.run(secretHash);
      }),
  };
}

interface UserRow {
  readonly id: number;
  readonly login: string;
  readonly display_name: string;
  readonly email: string | null;
  readonly password_hash: string | null;
  readonly disabled: number;
  readonly created_at: number;
  readonly epoch: number;
}

/** In the order of the columns: read at every authorize request. */
type SessionRow = readonly [
  createdAt: number,
  expiresAt: number,
  id: number,
  login: string,
  displayName: string,
  email: string | null,
  passwordHash: string | null,
  disabled: number,
  userCreatedAt: number,
  epoch: number,
];

function decodeSession(secretHash: Uint8Array, row: SessionRow): SignedIn {
  const [createdAt, expiresAt, rowId, login, displayName, email, passwordHash, disabled, userCreatedAt, epoch] = row;
  const id = String(rowId);
  const user: { -readonly [Member in keyof User]: User[Member] } = {
    id,
    login,
    displayName,
    epoch,
    disabled: disabled === 1,
    createdAt: userCreatedAt,
  };
  if (email !== null) user.email = email;
  if (passwordHash !== null) user.passwordHash = passwordHash;
  return { session: { secretHash, userId: id, createdAt, expiresAt }, user };
}

/** "Ada", "ADA" and their full-width twin are one login. */
const loginKey = (login: string): string => login.normalize("NFKC").toLowerCase();

function decodeUser(row: UserRow | undefined): User | undefined {
  return (
    row && {
      id: String(row.id),
      login: row.login,
      displayName: row.display_name,
      ...(row.email !== null && { email: row.email }),
      ...(row.password_hash !== null && { passwordHash: row.password_hash }),
      epoch: row.epoch,
      disabled: row.disabled === 1,
      createdAt: row.created_at,
    }
  );
}
