import { cleanOnce } from "@codegrant/server";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  accessIsAlive,
  accessSeconds,
  exchanged,
  type ModelGrant,
  newGrant,
  refreshed,
  unusedSeconds,
} from "./model-grant.ts";
import { createWorld, type Pair, type World } from "./world.ts";

/** A grant in both worlds, with every token that anyone ever held. */
interface Held {
  model: ModelGrant;
  readonly code: string;
  readonly refreshTokens: { readonly text: string; readonly generation: number; readonly expiresAt: number }[];
  readonly accessTokens: { readonly text: string; readonly generation: number; readonly expiresAt: number }[];
}

interface Play {
  readonly world: World;
  grants: Held[];
  saved: readonly { readonly held: Held; readonly model: ModelGrant }[];
}

type Action = (play: Play, pick: number) => Promise<void>;

const pickOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];
const now = ({ world }: Play): number => world.platform.now();

const approve =
  (usesPkce: boolean): Action =>
  async (play) => {
    if (play.grants.length >= 6) return;
    const code = await play.world.approve(usesPkce);
    play.grants.push({ model: newGrant(usesPkce, now(play)), code, refreshTokens: [], accessTokens: [] });
  };

/** The first time, or a replay: of a lost answer, by a thief, by a page that runs twice. */
const exchange: Action = async (play, pick) => {
  const held = pickOf(play.grants, pick);
  if (held === undefined) return;
  const answer = exchanged(held.model, now(play));
  const pair = await play.world.exchange(held.code, held.model.usesPkce);
  expect(pair === undefined ? "refused" : "tokens").toBe(answer);
  if (pair !== undefined) keep(play, held, pair);
};

/** Any token that was ever given out: the owner's, a thief's copy, a script's first one, a proxy's repeated request. */
const refresh =
  (which: (held: Held, pick: number) => Held["refreshTokens"][number] | undefined): Action =>
  async (play, pick) => {
    const held = pickOf(play.grants, pick);
    const token = held && which(held, pick >> 3);
    if (held === undefined || token === undefined) return;
    const before = held.refreshTokens.find(({ generation }) => generation === held.model.current);
    const answer = refreshed(held.model, token.generation, token.expiresAt, now(play));
    const pair = await play.world.refresh(token.text);
    expect(pair === undefined).toBe(answer === "refused");
    if (pair === undefined) return;
    // A lost answer is given again byte for byte; the text is known unless a backup took it away.
    if (answer === "same" && before !== undefined)
      expect(knownTexts(held, held.model.current)).toContain(pair.refreshToken);
    keep(play, held, pair);
  };

const revokeAccess: Action = async (play, pick) => {
  const held = pickOf(play.grants, pick);
  const token = held && pickOf(held.accessTokens, pick >> 3);
  if (held === undefined || token === undefined) return;
  if (!held.model.ended) held.model.accessRevokedThrough = Math.max(held.model.accessRevokedThrough, token.generation);
  await play.world.revoke(token.text);
};

const revokeRefresh: Action = async (play, pick) => {
  const held = pickOf(play.grants, pick);
  const token = held && (pickOf(held.refreshTokens, pick >> 3)?.text ?? held.code);
  if (held === undefined || token === undefined) return;
  held.model.ended = true;
  await play.world.revoke(token);
};

const disconnect: Action = async (play) => {
  for (const { model } of play.grants) model.ended = true;
  await play.world.disconnect();
};

const step =
  (seconds: number): Action =>
  async ({ world }) =>
    world.platform.step(seconds);

const clean: Action = async (play) => {
  await cleanOnce(play.world.platform);
};

const rotateKeys: Action = async ({ world }) => world.rotateKeys();

const backup: Action = async (play) => {
  play.world.backup();
  play.saved = play.grants.map((held) => ({ held, model: { ...held.model } }));
};

/** Grants younger than the backup are gone; of the others clients may hold tokens that the row has not heard of. */
const restore: Action = async (play) => {
  play.world.restore();
  play.grants = play.saved.map(({ held, model }) => Object.assign(held, { model: { ...model } }));
};

function keep(play: Play, held: Held, { accessToken, refreshToken }: Pair): void {
  const { current, access } = held.model;
  held.refreshTokens.push({ text: refreshToken, generation: current, expiresAt: now(play) + unusedSeconds });
  held.accessTokens.push({ text: accessToken, generation: access, expiresAt: now(play) + accessSeconds });
}

const knownTexts = (held: Held, generation: number): readonly string[] =>
  held.refreshTokens.filter((token) => token.generation === generation).map(({ text }) => text);

const newest: Parameters<typeof refresh>[0] = ({ refreshTokens }) => refreshTokens.at(-1);
const first: Parameters<typeof refresh>[0] = ({ refreshTokens }) => refreshTokens[0];
const lastButOne: Parameters<typeof refresh>[0] = ({ refreshTokens }) => refreshTokens.at(-2);
const any: Parameters<typeof refresh>[0] = ({ refreshTokens }, pick) => pickOf(refreshTokens, pick);

const actions: Readonly<Record<string, { readonly weight: number; readonly act: Action }>> = {
  approve: { weight: 2, act: approve(false) },
  approveWithPkce: { weight: 3, act: approve(true) },
  exchange: { weight: 6, act: exchange },
  refreshNewest: { weight: 10, act: refresh(newest) },
  refreshLastButOne: { weight: 5, act: refresh(lastButOne) },
  refreshFirst: { weight: 1, act: refresh(first) },
  refreshAny: { weight: 2, act: refresh(any) },
  revokeAccess: { weight: 2, act: revokeAccess },
  revokeRefresh: { weight: 1, act: revokeRefresh },
  disconnect: { weight: 1, act: disconnect },
  clean: { weight: 2, act: clean },
  rotateKeys: { weight: 1, act: rotateKeys },
  backup: { weight: 1, act: backup },
  restore: { weight: 1, act: restore },
  wait5s: { weight: 4, act: step(5) },
  wait31s: { weight: 3, act: step(31) },
  wait1h: { weight: 2, act: step(3_600) },
  wait20d: { weight: 1, act: step(20 * 86_400) },
  wait91d: { weight: 1, act: step(91 * 86_400) },
  clockBack: { weight: 1, act: step(-7_200) },
};

const anyAction = fc.record({
  name: fc.oneof(...Object.entries(actions).map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) }))),
  pick: fc.nat(1_000),
});

async function checkAccess(play: Play): Promise<void> {
  for (const held of play.grants)
    for (const token of held.accessTokens.slice(-3)) {
      const alive = accessIsAlive(held.model, token.generation, token.expiresAt, now(play));
      expect(await play.world.isAlive(token.text)).toBe(alive);
    }
}

it("server and model agree on every answer, whatever owners, thieves, operators, clocks and backups do", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyAction, { maxLength: 60 }), async (sequence) => {
      const play: Play = { world: await createWorld(), grants: [], saved: [] };
      for (const { name, pick } of sequence) {
        await actions[name]?.act(play, pick);
        await checkAccess(play);
      }
    }),
    { numRuns: Number(process.env["CODEGRANT_RUNS"] ?? 150) },
  );
});
