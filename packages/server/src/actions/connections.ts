import { findUserById } from "../accounts.ts";
import type { Platform } from "../platform.ts";
import type { Consent, Ending } from "../records.ts";
import type { ScopeDescription } from "../scope-catalogue.ts";
import type { ConsentOfApplication } from "../store.ts";
import { recordEvent } from "./record-event.ts";

/** An application that a user lets act for them. */
export interface Connection {
  readonly applicationId: number;
  readonly clientId: string;
  readonly name: string;
  /** Login of the developer who registered it; absent when the operator did. */
  readonly owner?: string;
  readonly scopes: readonly ScopeDescription[];
  readonly since: number;
  /** Days since 1970; written lazily. */
  readonly lastUsedDay?: number;
}

export interface Connections {
  /** At most 50. */
  readonly connections: readonly Connection[];
  /** Where the next page begins; absent on the last one. */
  readonly nextAfterId?: number;
}

const maximumConnections = 50;

/** What a user approved and has not disconnected, by application. */
export async function listConnections(platform: Platform, userId: string, afterId = 0): Promise<Connections> {
  // One more than is shown tells whether there is a next page.
  const found = await platform.store.listConsents(userId, { afterId, limit: maximumConnections + 1 });
  const shown = found.slice(0, maximumConnections);
  const owners = await findOwnerLogins(platform, shown);
  const connections = shown.map((row) => describeConnection(platform, row, owners));
  const last = shown.at(-1);
  return found.length > shown.length && last ? { connections, nextAfterId: last.application.id } : { connections };
}

/** Ends consent, code and every token of the application for this user, at once and for good. */
export async function disconnect(
  platform: Platform,
  userId: string,
  applicationId: number,
): Promise<"disconnected" | "unknown"> {
  const outcome = await platform.store.endConsent(userId, applicationId, { at: platform.now(), why: "disconnect" });
  if (outcome === "unknown") return "unknown";
  await recordEvent(platform, { event: "consent.ended", userId, applicationId, detail: "disconnect" });
  return "disconnected";
}

async function findOwnerLogins(
  platform: Platform,
  rows: readonly ConsentOfApplication[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(rows.map(({ application }) => application.ownerId).filter((id) => id !== undefined));
  const users = await Promise.all([...ids].map((id) => findUserById(platform, id)));
  return new Map(users.filter((user) => user !== undefined).map(({ id, login }) => [id, login]));
}

function describeConnection(
  platform: Platform,
  { consent, application }: ConsentOfApplication,
  owners: ReadonlyMap<string, string>,
): Connection {
  const owner = application.ownerId === undefined ? undefined : owners.get(application.ownerId);
  return {
    applicationId: application.id,
    clientId: application.clientId,
    name: application.name,
    ...(owner === undefined ? {} : { owner }),
    scopes: consent.scopes.map((name) => platform.settings.scopes.find(name) ?? describeUnknown(name)),
    since: consent.since ?? application.createdAt,
    ...lastUsed(platform, consent),
  };
}

/** What was written, or noted since. */
function lastUsed({ usage }: Platform, { id, lastUsedDay }: Consent): Pick<Connection, "lastUsedDay"> {
  const noted = usage.dayOf(id);
  if (lastUsedDay === undefined && noted === undefined) return {};
  return { lastUsedDay: Math.max(lastUsedDay ?? 0, noted ?? 0) };
}

/** What ended for a user in the last 30 days, newest first, at most 50. */
export async function listEndedConnections(platform: Platform, userId: string): Promise<readonly EndedConnection[]> {
  const endings = await platform.store.listEndings(userId, platform.now() - keptSeconds);
  return endings.map(({ application, at, why }) => ({ name: application.name, at, why }));
}

export interface EndedConnection extends Ending {
  readonly name: string;
}

const keptSeconds = 30 * 86_400;

/** A scope that the platform no longer has: its name is all that is left to say. */
function describeUnknown(name: string): ScopeDescription {
  return { name, description: name, sensitive: true, group: "" };
}
