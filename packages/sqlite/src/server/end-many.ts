import type { Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { ApplicationCache } from "./application-cache.ts";
import { type EndingSteps, forgetApproval } from "./endings.ts";
import { grantsInSpan, isLiving, prepareWalk } from "./grant-walk.ts";

type EndManySteps = Pick<Store, "endEverything" | "endGrantsOfKey">;

export function endManySteps(connection: Connection, endings: EndingSteps, cache: ApplicationCache): EndManySteps {
  const { prepare, write, together } = connection;
  const walk = prepareWalk(connection);
  const raiseConsents = prepare(`UPDATE consents SET ${forgetApproval}`);
  const raiseTokenEpochs = prepare("UPDATE applications SET token_epoch = (token_epoch + 1 + ?) % 4294967296");
  const onKey = `FROM ${grantsInSpan} AND g.key_id = ?3 AND ${isLiving("?4")}`;
  const writeEndings = prepare(`
    INSERT INTO endings (at, why, epoch, consent_id, grant_id)
    SELECT ?4, ?5, g.consent_epoch, g.consent_id, g.id ${onKey} ORDER BY g.id
  `);
  const tellLater = prepare(`INSERT INTO untold_grants (grant_id) SELECT g.id ${onKey}`);
  const end = prepare(`
    UPDATE grants SET ended_at = ?4, ended_why = ?5, revision = revision + 1
    WHERE id BETWEEN ?1 AND ?2 AND id IN (SELECT g.id ${onKey})
  `);

  return {
    endEverything: (ending) =>
      write(() =>
        together(() => {
          raiseConsents.run();
          raiseTokenEpochs.run(ending.at);
          cache.clear();
          // One row says it for all: a row a consent would make the longest step there is twice as long.
          endings.writeEnding({}, 0, ending);
        }),
      ),

    async endGrantsOfKey(keyId, { at, why }) {
      let ended = 0;
      for await (const span of walk()) {
        ended += await write(() =>
          together(() => {
            writeEndings.run(...span, keyId, at, why);
            tellLater.run(...span, keyId, at);
            return Number(end.run(...span, keyId, at, why).changes);
          }),
        );
      }
      return ended;
    },
  };
}
