import type { Consent, Ending, Grant, GrantFacts, GrantFilter, Page, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { Value } from "../statement.ts";
import { endingOf } from "./cleaner.ts";
import type { EndingSteps } from "./endings.ts";
import { decodeFacts, type FactsRow, factsColumns } from "./grant-row.ts";
import { grantsInSpan, isLeftBehind, isLiving, prepareWalk } from "./grant-walk.ts";
import { pageOf } from "./lists.ts";

type GrantListSteps = Pick<Store, "listGrants" | "listEndedGrants" | "countGrantsByKey" | "listUsersOfKey">;

/** What an operator asks about all grants. */
export function grantListSteps(connection: Connection, endings: EndingSteps): GrantListSteps {
  const { prepare, prepareArrays, read } = connection;
  const walk = prepareWalk(connection);
  const listLiving = prepareArrays<FactsRow>(
    `SELECT ${factsColumns} FROM ${grantsInSpan} AND ${matches} AND ${isLiving("?5")} ORDER BY g.id LIMIT ?6`,
  );
  // A code that was never exchanged is no grant that ended, unless the cleaner found a reason for it.
  const listEnded = prepareArrays<EndedRow>(`
    SELECT ${factsColumns}, ${isLeftBehind} FROM ${grantsInSpan} AND ${matches} AND (g.ended_at >= ?5 OR (
      g.ended_at IS NULL AND g.exchanged_at IS NOT NULL AND (g.expires_at <= ?6 OR ${isLeftBehind})))
    ORDER BY g.id
  `);
  const countByKey = prepare<{ readonly keyId: number; readonly grants: number }>(
    `SELECT g.key_id AS keyId, count(*) AS grants FROM ${grantsInSpan} AND ${isLiving("?3")} GROUP BY g.key_id`,
  );
  const listUsers = prepare<{ readonly userId: string }>(
    `SELECT DISTINCT c.user_id AS userId FROM ${grantsInSpan} AND ${isLiving("?3")} AND g.key_id = ?4`,
  );

  return {
    async listGrants({ now, ...page }) {
      const [afterId, limit] = pageOf(page);
      const found: GrantFacts[] = [];
      for await (const span of walk(afterId)) {
        const rows = await read(() => listLiving.all(...span, ...filterOf(page), now, limit - found.length));
        found.push(...rows.map(decodeFacts));
        if (found.length >= limit) break;
      }
      return found;
    },

    async listEndedGrants({ since, now, why, ...page }) {
      const [afterId, limit] = pageOf(page);
      const isWanted = (ended: Ending) => ended.at >= since && (why === undefined || ended.why === why);
      const found: GrantFacts[] = [];
      for await (const span of walk(afterId)) {
        const ended = await read(() =>
          listEnded.all(...span, ...filterOf(page), since, now).map((row) => withEnding(row, endings)),
        );
        found.push(...ended.filter(({ grant }) => isWanted(grant.ended)));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit);
    },

    async countGrantsByKey(now) {
      const counts = new Map<number, number>();
      for await (const span of walk()) {
        const rows = await read(() => countByKey.all(...span, now));
        for (const { keyId, grants } of rows) counts.set(keyId, (counts.get(keyId) ?? 0) + grants);
      }
      const sorted = [...counts].toSorted(([one], [other]) => one - other);
      return sorted.map(([keyId, grants]) => ({ keyId, grants }));
    },

    async listUsersOfKey(keyId, { now, limit }) {
      const users = new Set<string>();
      for await (const span of walk()) {
        for (const { userId } of await read(() => listUsers.all(...span, now, keyId))) users.add(userId);
        if (users.size >= limit) break;
      }
      return [...users].slice(0, limit);
    },
  };
}

/** A user has few consents, so looking among them first spares most grants the joins. */
const matches = `(?3 IS NULL OR g.consent_id IN (SELECT id FROM consents WHERE user_id = ?3))
  AND (?4 IS NULL OR c.application_id = ?4)`;

const filterOf = ({ userId, applicationId }: Page & GrantFilter): readonly Value[] => [
  userId ?? null,
  applicationId ?? null,
];

type EndedRow = readonly [...FactsRow, isLeftBehind: number];

interface EndedFacts {
  readonly grant: Grant & { readonly ended: Ending };
  readonly consent: Consent;
}

/** With the ending that the cleaner will stamp, where it has not been by. */
function withEnding(row: EndedRow, { findEnding }: EndingSteps): EndedFacts {
  const { grant, consent } = decodeFacts(row);
  const candidate = { isLeftBehind: Number(row.at(-1)), expiresAt: grant.expiresAt };
  const ended = grant.ended ?? endingOf(candidate, findEnding(grant, consent));
  return { grant: { ...grant, ended }, consent };
}
