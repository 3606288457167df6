import { cleanOnce } from "@codegrant/server";
import { expect } from "vitest";
import {
  accessIsAlive,
  cleaned,
  exchanged,
  type HeldToken,
  type ModelGrant,
  type ModelRules,
  newGrant,
  refreshed,
  refreshIsCurrent,
} from "./model-grant.ts";
import { accessSeconds, createWorld, type Pair, type World, type WorldKind } from "./world.ts";

/** One grant after another in both worlds, the server's and the model's, and everything that anyone was ever given. */
export interface Play {
  readonly world: World;
  rules: ModelRules;
  grants: readonly Held[];
  saved: Backup;
}

interface Held {
  model: ModelGrant;
  readonly code: string;
  exchanges: number;
  readonly refreshTokens: HeldToken[];
  readonly accessTokens: HeldToken[];
}

interface Backup {
  readonly rules: ModelRules;
  readonly grants: readonly { readonly held: Held; readonly model: ModelGrant }[];
}

/** What someone does; `pick` says with which of the grants and tokens there are. */
type Action = (play: Play, pick: number) => Promise<void>;

export async function startPlay(kind: WorldKind): Promise<Play> {
  const world = await createWorld(kind);
  return { world, rules: world.rules, grants: [], saved: { rules: world.rules, grants: [] } };
}

/** Does one thing in both worlds; throws where they differ, in its answer or in what is alive afterwards. */
export async function doAction(play: Play, name: string, pick: number): Promise<void> {
  await actions[name]?.act(play, pick);
  await checkLiving(play, pick);
}

const now = ({ world }: Play): number => world.platform.now();
const pickOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];
const mostGrants = 3;

const approve =
  (usesPkce: boolean): Action =>
  async (play) => {
    const sendsPkce = usesPkce || play.world.app.application.type === "public";
    const code = await play.world.approve(sendsPkce);
    const held = { model: newGrant(sendsPkce, now(play)), code, exchanges: 0, refreshTokens: [], accessTokens: [] };
    play.grants = [...play.grants, held].slice(-mostGrants);
  };

/** The first time, or a replay: after a lost answer, by a thief, by a page that ran twice. */
const exchange: Action = async (play, pick) => {
  const held = pickOf(play.grants, pick);
  if (held === undefined) return;
  const answer = exchanged(held.model, held.exchanges + 1, now(play));
  const pair = await play.world.exchange(held.code, held.model.usesPkce);
  expect(pair === undefined ? "refused" : "tokens").toBe(answer);
  if (pair === undefined) return;
  held.exchanges += 1;
  keep(play, held, pair);
};

type Which = (held: Held, pick: number) => HeldToken | undefined;

/** Any token that was ever given out: the owner's, a thief's copy, a script's first one, a proxy's repeated request. */
const refresh =
  (which: Which): Action =>
  async (play, pick) => {
    const held = pickOf(play.grants, pick);
    const token = held && which(held, pick >> 3);
    if (held === undefined || token === undefined) return;
    const { text } = held.model;
    const answer = refreshed(held.model, token, play.rules, now(play));
    const pair = await play.world.refresh(token.text);
    expect(pair === undefined).toBe(answer === "refused");
    if (pair === undefined) return;
    if (answer === "same") expect(pair.refreshToken).toBe(text);
    keep(play, held, pair);
  };

const newest: Which = ({ refreshTokens }) => refreshTokens.at(-1);
const first: Which = ({ refreshTokens }) => refreshTokens[0];
const lastButOne: Which = ({ refreshTokens }) => refreshTokens.at(-2);
const any: Which = ({ refreshTokens }, pick) => pickOf(refreshTokens, pick);

/** An answer that nobody received, and the retry. */
const loseAnswerThenRetry =
  (waitSeconds: number): Action =>
  async (play, pick) => {
    await refresh(newest)(play, pick);
    play.world.platform.step(waitSeconds);
    await refresh(lastButOne)(play, pick);
  };

const revokeAccessOf =
  (which: (tokens: readonly HeldToken[], pick: number) => HeldToken | undefined): Action =>
  async (play, pick) => {
    const held = pickOf(play.grants, pick);
    const token = held && which(held.accessTokens, pick >> 3);
    if (held === undefined || token === undefined) return;
    const { model } = held;
    if (token.line === model.line) model.accessRevokedThrough = Math.max(model.accessRevokedThrough, token.generation);
    await play.world.revoke(token.text);
  };

const revokeAccess = revokeAccessOf(pickOf);
const revokeNewestAccess = revokeAccessOf((tokens) => tokens.at(-1));

/** By any refresh token of the grant, however old, or by its code. */
const revokeGrant: Action = async (play, pick) => {
  const held = pickOf(play.grants, pick);
  if (held === undefined) return;
  const token = pick % 3 === 0 ? undefined : pickOf(held.refreshTokens, pick >> 3);
  if (token === undefined || token.line === held.model.line) held.model.ended = true;
  await play.world.revoke(token?.text ?? held.code);
};

const disconnect: Action = async (play) => {
  for (const { model } of play.grants) model.ended = true;
  await play.world.disconnect();
};

const clean: Action = async (play) => {
  const newestGrant = play.grants.at(-1);
  for (const held of play.grants) cleaned(held.model, play.rules, held === newestGrant, now(play));
  await cleanOnce(play.world.platform);
};

const rotateKeys: Action = async ({ world }) => world.rotateKeys();

/** Touches no row. Public applications always rotate. */
const switchRotation: Action = async (play) => {
  play.rules = await play.world.switchRotation();
};

const backup: Action = async (play) => {
  play.world.backup();
  play.saved = { rules: play.rules, grants: play.grants.map((held) => ({ held, model: { ...held.model } })) };
};

/** Grants younger than the backup are gone; of the others clients may hold tokens that the row has not heard of. */
const restore: Action = async (play) => {
  play.world.restore();
  play.rules = play.saved.rules;
  play.grants = play.saved.grants.map(({ held, model }) => Object.assign(held, { model: { ...model } }));
};

const step =
  (seconds: number): Action =>
  async ({ world }) =>
    world.platform.step(seconds);

/** One after the other, with the same pick: what chance alone would seldom put together. */
const inOrder =
  (...all: readonly Action[]): Action =>
  async (play, pick) => {
    for (const act of all) await act(play, pick);
  };

/** With the grant that was approved last. */
const newestGrant =
  (act: Action): Action =>
  (play, pick) =>
    act(play, Math.max(0, play.grants.length - 1) + play.grants.length * pick);

/** By weight: how often one of them comes. */
export const actions: Readonly<Record<string, { readonly weight: number; readonly act: Action }>> = {
  approve: { weight: 2, act: approve(false) },
  approveWithPkce: { weight: 2, act: approve(true) },
  approveAndExchange: { weight: 8, act: inOrder(approve(true), newestGrant(exchange)) },
  exchange: { weight: 6, act: exchange },
  exchangeAroundRestore: {
    weight: 2,
    act: inOrder(approve(true), backup, newestGrant(exchange), restore, newestGrant(exchange)),
  },
  refreshNewest: { weight: 16, act: refresh(newest) },
  refreshLastButOne: { weight: 6, act: refresh(lastButOne) },
  refreshFirst: { weight: 2, act: refresh(first) },
  refreshAny: { weight: 3, act: refresh(any) },
  loseAnswerThenRetryAtOnce: { weight: 3, act: loseAnswerThenRetry(1) },
  loseAnswerThenRetryAtTheLast: { weight: 3, act: loseAnswerThenRetry(30) },
  loseAnswerThenRetryTooLate: { weight: 3, act: loseAnswerThenRetry(31) },
  loseAnswerThenRetryLater: { weight: 2, act: loseAnswerThenRetry(3_600) },
  proxyRepeatsAfterAMinute: { weight: 1, act: loseAnswerThenRetry(60) },
  revokeAccess: { weight: 6, act: revokeAccess },
  refreshRevokeAccessRetry: {
    weight: 4,
    act: inOrder(refresh(newest), revokeNewestAccess, refresh(lastButOne)),
  },
  revokeAccessThenRestore: {
    weight: 2,
    act: inOrder(backup, refresh(newest), refresh(newest), restore, revokeNewestAccess, refresh(newest)),
  },
  revokeGrant: { weight: 1, act: revokeGrant },
  disconnect: { weight: 1, act: disconnect },
  clean: { weight: 2, act: clean },
  rotateKeys: { weight: 3, act: rotateKeys },
  switchRotation: { weight: 1, act: switchRotation },
  backup: { weight: 2, act: backup },
  restore: { weight: 2, act: restore },
  wait5s: { weight: 3, act: step(5) },
  wait10s: { weight: 2, act: step(10) },
  wait31s: { weight: 3, act: step(31) },
  wait1h: { weight: 2, act: step(3_600) },
  wait20d: { weight: 1, act: step(20 * 86_400) },
  wait91d: { weight: 1, act: step(91 * 86_400) },
  clockBack3s: { weight: 1, act: step(-3) },
  clockBack20s: { weight: 1, act: step(-20) },
  clockBack2h: { weight: 1, act: step(-7_200) },
};

function keep(play: Play, { model, refreshTokens, accessTokens }: Held, { accessToken, refreshToken }: Pair): void {
  const { line, current, access, rotatedAt } = model;
  model.text = refreshToken;
  const refreshExpiresAt = rotatedAt + play.rules.unusedSeconds;
  refreshTokens.push({ text: refreshToken, line, generation: current, expiresAt: refreshExpiresAt });
  accessTokens.push({ text: accessToken, line, generation: access, expiresAt: now(play) + accessSeconds });
}

/** What others are told of tokens of the grant that was touched, and of another one: the newest and one more of each. */
async function checkLiving(play: Play, pick: number): Promise<void> {
  for (const held of new Set([pickOf(play.grants, pick), pickOf(play.grants, pick >> 4)]))
    if (held !== undefined) await checkTokens(play, held, pick >> 2);
}

async function checkTokens(play: Play, { model, accessTokens, refreshTokens }: Held, pick: number): Promise<void> {
  for (const token of new Set([accessTokens.at(-1), pickOf(accessTokens, pick)]))
    if (token !== undefined)
      expect(await play.world.isAlive(token.text)).toBe(accessIsAlive(model, token, play.rules, now(play)));
  const token = pickOf(refreshTokens, pick);
  if (token !== undefined)
    expect(await play.world.isCurrent(token.text)).toBe(refreshIsCurrent(model, token, play.rules, now(play)));
}
