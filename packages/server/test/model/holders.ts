import { expect } from "vitest";
import { exchanged, type ModelGrant, type ModelRules, newGrant, refreshed } from "./model-grant.ts";
import type { Pair, World } from "./world.ts";

/** One grant, asked by those who hold a token of it. A token is whatever `refresh` gave. */
export interface GrantUnderTest<Token> {
  /** What the exchange gave: everyone's first token. */
  readonly first: Token;
  /** Undefined when refused. */
  refresh(token: Token): Promise<Token | undefined> | Token | undefined;
  wait(seconds: number): void;
}

/** The real server. */
export async function grantOnServer(world: World): Promise<GrantUnderTest<Pair>> {
  const first = await world.exchange(await world.approve(true), true);
  if (first === undefined) throw new Error("The exchange was refused");
  return {
    first,
    refresh: ({ refreshToken }) => world.refresh(refreshToken),
    wait: (seconds) => world.platform.step(seconds),
  };
}

/** The model, for more schedules than the server could play in the time. */
export function grantOnModel(rules: ModelRules): GrantUnderTest<number> & { readonly model: ModelGrant } {
  let now = 1_800_000_000;
  const model = newGrant(true, now);
  expect(exchanged(model, 1, now)).toBe("tokens");
  return {
    first: model.current,
    refresh(generation) {
      const token = { text: "", line: 1, generation, expiresAt: now + rules.unusedSeconds };
      return refreshed(model, token, rules, now) === "refused" ? undefined : model.current;
    },
    wait: (seconds) => {
      now += seconds;
    },
    model,
  };
}

export type Holder = "owner" | "thief";

export interface Use {
  readonly by: Holder;
  readonly afterSeconds: number;
}

export interface Played<Token> {
  /** Whether each use was answered. */
  readonly answers: readonly boolean[];
  readonly holds: Readonly<Record<Holder, Token>>;
}

/** Each holder uses the newest token it was given; both begin with the first. */
export async function playUses<Token>(
  grant: GrantUnderTest<Token>,
  uses: readonly Use[],
  begin: Readonly<Record<Holder, Token>> = { owner: grant.first, thief: grant.first },
): Promise<Played<Token>> {
  const holds = { ...begin };
  const answers: boolean[] = [];
  for (const { by, afterSeconds } of uses) {
    grant.wait(afterSeconds);
    const token = await grant.refresh(holds[by]);
    answers.push(token !== undefined);
    if (token !== undefined) holds[by] = token;
  }
  return { answers, holds };
}

/** Every schedule of so many uses with these gaps. */
export function schedulesOf(length: number, gaps: readonly number[]): readonly (readonly Use[])[] {
  if (length === 0) return [[]];
  const last = gaps.flatMap((afterSeconds) => (["owner", "thief"] as const).map((by) => ({ by, afterSeconds })));
  return schedulesOf(length - 1, gaps).flatMap((before) => last.map((use) => [...before, use]));
}

/** The thief's uses with none of the owner's within 30 s, before or after. */
export function usesAlone(uses: readonly Use[]): readonly number[] {
  let at = 0;
  const timed = uses.map(({ by, afterSeconds }) => ({ by, at: (at += afterSeconds) }));
  const owners = timed.filter(({ by }) => by === "owner");
  return timed.flatMap((use, i) =>
    use.by === "thief" && owners.every((one) => Math.abs(one.at - use.at) > 30) ? [i] : [],
  );
}
