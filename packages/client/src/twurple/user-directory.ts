import type { Connection, ConnectionStatus } from "../connect/connection.ts";

/** Which account is whose: twurple asks by a user's id, a connection by the account's name. */
export interface UserDirectory {
  /** Reads the accounts there are, at most 10,000. */
  load(): Promise<void>;
  note(status: ConnectionStatus): void;
  /** The account's name; looks again for a user who connected meanwhile. */
  find(userId: string): Promise<string | undefined>;
  /** As far as it is known without asking. */
  scopesOf(userId: string): readonly string[];
}

export function createUserDirectory(connection: Connection): UserDirectory {
  const known = new Map<string, { readonly account: string; readonly scopes: readonly string[] }>();

  function note({ who, account, scopes }: ConnectionStatus): void {
    if (who?.id === undefined) return;
    known.delete(who.id);
    known.set(who.id, { account, scopes });
    for (const oldest of known.keys()) {
      if (known.size <= maximumUsers) break;
      known.delete(oldest);
    }
  }

  async function load(): Promise<void> {
    let after: string | undefined;
    for (let page = 0; page < maximumPages; page++) {
      const statuses = await connection.accounts({ after });
      for (const status of statuses) note(status);
      after = statuses.at(-1)?.account;
      if (after === undefined) return;
    }
  }

  /** The account is still there and still this user's. */
  async function confirm(name: string, userId: string): Promise<boolean> {
    const status = await connection.account(name).status();
    if (status.who?.id !== userId) return false;
    note(status);
    return true;
  }

  async function find(userId: string): Promise<string | undefined> {
    const name = known.get(userId)?.account;
    if (name !== undefined && (await confirm(name, userId))) return name;
    known.delete(userId);
    // A web application's accounts are named after their users.
    if (await confirm(userId, userId)) return userId;
    await load();
    return known.get(userId)?.account;
  }

  return { load, note, find, scopesOf: (userId) => known.get(userId)?.scopes ?? [] };
}

const maximumUsers = 10_000;
const maximumPages = 11;
