import { disconnect } from "@codegrant/server";
import { describe, expect, it } from "vitest";
import { approve, refresh } from "../flow.ts";
import { type Answer, visitor } from "../visitor.ts";
import {
  addressOn,
  codeOn,
  exchangeOn,
  isGood,
  onTwitch,
  postPairs,
  type Stage,
  stage,
  surfaces,
  type Tokens,
  tokensOf,
  tokensOn,
} from "./stage.ts";
import { interleavedStore } from "./store-around.ts";

/** Every step waits some turns drawn from a seed, so that each round interleaves in its own way, and the same each run. */
const interleaved = (seed: number): Promise<Stage> => stage({}, { store: interleavedStore(seed) });
const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
const withoutVerifier = { code_verifier: undefined };

const ask = (at: Stage, refreshToken: string, path = "/oauth2/token"): Promise<Answer> =>
  refresh(at.platform, at.app, refreshToken, {}, path);

function revoke(at: Stage, token: string): Promise<Answer> {
  return postPairs(at.platform, "/oauth2/revoke", Object.entries({ client_id: at.app.clientId, token }));
}

const good = (answers: readonly Answer[]): readonly Tokens[] =>
  answers.filter(({ status }) => status === 200).map(tokensOf);

/** Nothing of these tokens may be usable any more. */
async function expectNothingAlive(at: Stage, all: readonly Tokens[]): Promise<void> {
  for (const { access, refresh: refreshToken } of all) {
    expect(await isGood(at.platform, access)).toBe(false);
    expect((await ask(at, refreshToken)).status).toBe(400);
  }
}

describe("exchanges at once", () => {
  it.each(surfaces)("CD-05: one of fifty answers, in ten interleavings, $name", async (surface) => {
    for (let seed = 1; seed <= 10; seed++) {
      const at = await interleaved(seed);
      const code = await codeOn(surface, at);
      const answers = await Promise.all(Array.from({ length: 50 }, () => exchangeOn(surface, at, code)));
      expect(good(answers)).toHaveLength(1);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]));
      const [tokens] = good(answers);
      expect((await ask(at, tokens?.refresh ?? "", `${surface.prefix}/token`)).status).toBe(200);
    }
  });

  it("CD-04, CD-05: without PKCE one of fifty answers, and its tokens are dead, in ten interleavings", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const at = await interleaved(seed);
      const code = await codeOn(onTwitch, at, withoutPkce);
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => exchangeOn(onTwitch, at, code, withoutVerifier)),
      );
      expect(good(answers)).toHaveLength(1);
      await expectNothingAlive(at, good(answers));
    }
  });

  it("CD-21: against a revocation of the code or a Disconnect, nothing is alive at the end, in a hundred interleavings", async () => {
    const disconnected = async (at: Stage): Promise<void> => {
      const [user] = await at.platform.store.listUsers({ limit: 1 });
      await disconnect(at.platform, user?.id ?? "", at.app.application.id);
    };
    for (let seed = 1; seed <= 100; seed++) {
      const at = await interleaved(seed);
      const code = await codeOn(onTwitch, at);
      const end = seed % 2 === 0 ? revoke(at, code) : disconnected(at);
      const [answer] = await Promise.all([exchangeOn(onTwitch, at, code), end]);
      expect([200, 400]).toContain(answer.status);
      await expectNothingAlive(at, good([answer]));
    }
  });

  it("CD-17: guesses at once never give more than five tries, in twenty interleavings", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const at = await interleaved(seed);
      const code = await codeOn(onTwitch, at);
      const guess = (round: number, i: number): Promise<Answer> =>
        exchangeOn(onTwitch, at, code, { code_verifier: `${round}-${i}`.padEnd(43, "x") });
      let told = 0;
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => guess(round, i)));
        expect(answers.every(({ status }) => status === 400 || status === 503)).toBe(true);
        told += answers.filter(({ status }) => status === 400).length;
      }
      expect(told).toBeGreaterThanOrEqual(5);
      expect((await exchangeOn(onTwitch, at, code)).status).toBe(400);
    }
  });
});

describe("refreshes at once", () => {
  it.each(surfaces)(
    "RF-03: twenty with one token have one successor, the same text, in twenty interleavings, $name",
    async (surface) => {
      for (let seed = 1; seed <= 20; seed++) {
        const at = await interleaved(seed);
        const one = await tokensOn(surface, at);
        const path = `${surface.prefix}/token`;
        const answers = await Promise.all(Array.from({ length: 20 }, () => ask(at, one.refresh, path)));
        expect(good(answers)).toHaveLength(20);
        const successors = new Set(good(answers).map(({ refresh: text }) => text));
        expect(successors.size).toBe(1);
        expect(successors.has(one.refresh)).toBe(false);
        const [two = ""] = successors;
        expect((await ask(at, two, path)).status).toBe(200);
      }
    },
  );

  it("RF-03: with a late predecessor too, twenty have one successor", async () => {
    const at = await interleaved(7);
    const one = await tokensOn(onTwitch, at);
    const lost = tokensOf(await ask(at, one.refresh));
    at.platform.step(3_600);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(at, one.refresh)));
    const successors = new Set(good(answers).map(({ refresh: text }) => text));
    expect([good(answers).length, successors.size, successors.has(lost.refresh)]).toEqual([20, 1, false]);
  });

  it("RF-03: a thousand times at once with one token: one successor each time", async () => {
    const at = await interleaved(11);
    let { refresh: current } = await tokensOn(onTwitch, at);
    for (let round = 0; round < 1_000; round++) {
      at.platform.step(1);
      const answers = await Promise.all(Array.from({ length: 4 }, () => ask(at, current)));
      const successors = new Set(good(answers).map(({ refresh: text }) => text));
      expect([good(answers).length, successors.size, successors.has(current)]).toEqual([4, 1, false]);
      [current = ""] = successors;
    }
  });

  it("RF-21: against a revocation leave nothing alive, in a thousand interleavings", async () => {
    let at = await interleaved(1);
    let answered = 0;
    for (let round = 0; round < 1_000; round++) {
      // Before so many refusals are answered with 429.
      if (round % 100 === 99) at = await interleaved(round);
      const one = await tokensOn(onTwitch, at, { state: String(round) });
      const refreshes = Array.from({ length: 3 }, () => ask(at, one.refresh));
      const revocation = afterTurns(round % 2 === 0 ? 0 : round).then(() => revoke(at, one.refresh));
      const answers = await Promise.all(refreshes);
      expect((await revocation).status).toBe(200);
      answered += good(answers).length;
      await expectNothingAlive(at, [one, ...good(answers)]);
    }
    expect(answered, "some refreshes came first").toBeGreaterThan(0);
  });

  it("against a revocation of the access token: the revoked ones are dead, and refresh lives on", async () => {
    const at = await interleaved(3);
    for (let round = 0; round < 50; round++) {
      const one = await tokensOn(onTwitch, at, { state: String(round) });
      const [answer] = await Promise.all([ask(at, one.refresh), revoke(at, one.access)]);
      expect(await isGood(at.platform, one.access)).toBe(false);
      const again = tokensOf(await ask(at, tokensOf(answer).refresh));
      expect(await isGood(at.platform, again.access)).toBe(true);
    }
  });

  it("RF-02: against a theft leave nothing alive", async () => {
    const at = await interleaved(5);
    for (let round = 0; round < 50; round++) {
      const one = await tokensOn(onTwitch, at, { state: String(round) });
      const two = tokensOf(await ask(at, one.refresh));
      const three = tokensOf(await ask(at, two.refresh));
      const answers = await Promise.all([ask(at, three.refresh), ask(at, one.refresh), ask(at, three.refresh)]);
      await expectNothingAlive(at, [three, ...good(answers)]);
    }
  });
});

describe("approvals at once", () => {
  it("LC-08: of one form in five tabs make one code, in twenty interleavings", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const at = await interleaved(seed);
      const address = addressOn(onTwitch, at.app);
      const page = await at.person.get(address);
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => at.person.submit(address, page, { decision: "approve" })),
      );
      expect(answers.filter(({ location }) => location?.searchParams.has("code"))).toHaveLength(1);
    }
  });

  it("against a Disconnect leave no code alive that was made before it", async () => {
    let issued = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const at = await interleaved(seed);
      await approve(at.person, addressOn(onTwitch, at.app));
      const [user] = await at.platform.store.listUsers({ limit: 1 });
      const [answer] = await Promise.all([
        at.person.get(addressOn(onTwitch, at.app, { state: "s-2" })),
        afterTurns(seed * 3).then(() => disconnect(at.platform, user?.id ?? "", at.app.application.id)),
      ]);
      const code = answer.location?.searchParams.get("code");
      if (code == null) expect([200, 503]).toContain(answer.status);
      else {
        issued++;
        expect((await exchangeOn(onTwitch, at, code)).status).toBe(400);
      }
    }
    expect(issued, "some approvals came first").toBeGreaterThan(0);
  });
});

describe("sign-ins at once", () => {
  it("LC-12: have a session each", async () => {
    const at = await interleaved(11);
    const people = Array.from({ length: 5 }, () => visitor(at.platform.server));
    const typed = { login: "ada", password: "correct horse battery" };
    const path = "/settings/connections";
    await Promise.all(people.map(async (person) => person.submit(path, await person.get(path), typed)));
    const sessions = people.map(({ cookies }) => cookies.get("codegrant-session-8080"));
    expect(new Set(sessions).size).toBe(5);
    expect(sessions).not.toContain(undefined);
  });
});

async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
