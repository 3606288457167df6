import { findUserById } from "../accounts.ts";
import type { Platform } from "../platform.ts";
import type { Application, Ending } from "../records.ts";
import type { EndedFilter, GrantFacts, GrantFilter, Page } from "../store.ts";
import { recordEvent } from "./record-event.ts";

/** A grant as an operator looks at it, with the names of those it is between. */
export interface DescribedGrant {
  readonly id: number;
  readonly userId: string;
  /** Absent for a host's own user. */
  readonly login?: string;
  readonly applicationId: number;
  /** Absent once the application is deleted. */
  readonly application?: Pick<Application, "clientId" | "name">;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly keyId: number;
  readonly grantedAt: number;
  /** Absent while its code waits. */
  readonly exchangedAt?: number;
  /** Days since 1970, of this user and application; written lazily. */
  readonly lastUsedDay?: number;
  readonly expiresAt: number;
  readonly ended?: Ending;
}

/** Living grants by ascending id, at most 200 a page. */
export async function listGrants(platform: Platform, query: Page & GrantFilter): Promise<readonly DescribedGrant[]> {
  return describeAll(platform, await platform.store.listGrants({ ...query, now: platform.now() }));
}

/** Who was cut off, and why: grants that ended since then, by ascending id, at most 200 a page. They are kept for 30 days. */
export async function listEndedGrants(
  platform: Platform,
  query: Page & GrantFilter & Omit<EndedFilter, "now">,
): Promise<readonly DescribedGrant[]> {
  return describeAll(platform, await platform.store.listEndedGrants({ ...query, now: platform.now() }));
}

/** One grant, living or ended. */
export async function findGrant(platform: Platform, id: number): Promise<DescribedGrant | undefined> {
  const facts = await platform.store.findGrant(id);
  if (facts === undefined) return undefined;
  // The row itself may not say yet that it is over: the cleaner stamps it later.
  const [ended] = await platform.store.listEndedGrants({ since: 0, now: platform.now(), afterId: id - 1, limit: 1 });
  const [described] = await describeAll(platform, [ended?.grant.id === id ? ended : facts]);
  return described;
}

/** Ends one grant: its code and every token of it, at once and for good. The cleaner reports it within its next walk. */
export async function endGrant(platform: Platform, id: number): Promise<"ended" | "already" | "unknown"> {
  const facts = await platform.store.findGrant(id);
  if (facts === undefined) return "unknown";
  const ending: Ending = { at: platform.now(), why: "operator" };
  const outcome = await platform.store.endGrant(id, ending, { whoTells: "cleaner" });
  if (outcome !== "ended") return outcome;
  const { userId, applicationId } = facts.consent;
  await recordEvent(platform, { event: "grant.operator", userId, applicationId, detail: `grant ${id}` });
  return outcome;
}

/**
 * Ends every grant and every application's own tokens, so that all users approve again: after a restored backup, or a
 * key that may have leaked. The cleaner reports each of them within its next walk.
 */
export async function endAllGrants(platform: Platform): Promise<void> {
  await platform.store.endEverything({ at: platform.now(), why: "operator" });
  await recordEvent(platform, { event: "grants.allEnded" });
}

async function describeAll(platform: Platform, all: readonly GrantFacts[]): Promise<readonly DescribedGrant[]> {
  const { store } = platform;
  const users = await findEach(
    all.map(({ consent }) => consent.userId),
    (id) => findUserById(platform, id),
  );
  const applications = await findEach(
    all.map(({ consent }) => consent.applicationId),
    (id) => store.findApplicationById(id),
  );
  return all.map((facts) =>
    describe(facts, users.get(facts.consent.userId)?.login, applications.get(facts.consent.applicationId)),
  );
}

async function findEach<Id, Found>(
  ids: readonly Id[],
  find: (id: Id) => Promise<Found | undefined>,
): Promise<ReadonlyMap<Id, Found | undefined>> {
  const distinct = [...new Set(ids)];
  const found = await Promise.all(distinct.map(find));
  return new Map(distinct.map((id, index) => [id, found[index]]));
}

function describe(
  { grant, consent }: GrantFacts,
  login: string | undefined,
  application: Application | undefined,
): DescribedGrant {
  const { id, scopes, resources, keyId, createdAt, exchangedAt, expiresAt, ended } = grant;
  const { userId, applicationId, lastUsedDay } = consent;
  return {
    id,
    userId,
    ...(login !== undefined && { login }),
    applicationId,
    ...(application && { application: { clientId: application.clientId, name: application.name } }),
    scopes,
    resources,
    keyId,
    grantedAt: createdAt,
    ...(exchangedAt !== undefined && { exchangedAt }),
    ...(lastUsedDay !== undefined && { lastUsedDay }),
    expiresAt,
    ...(ended && { ended }),
  };
}
