import { expect } from "vitest";
import { startAutoProvider } from "../auto-provider.ts";
import { startBot, temporaryFolder } from "./fleet.ts";

/** What a fleet did to a provider that takes a second use of a refresh token for theft. */
export interface Rounds {
  readonly refreshes: number;
  readonly thefts: number;
  readonly logins: number;
}

/** So many processes meet so many expiries, all at the same moment each time, and each time agree on one new token. */
export async function playRounds(processes: number, expiries: number): Promise<Rounds> {
  const server = await startAutoProvider();
  const folder = temporaryFolder();
  const bots = Array.from({ length: processes }, () => startBot(folder, server.provider));
  try {
    expect(await Promise.all(bots.map((bot) => bot.ask("login")))).toEqual(bots.map(() => ({ value: "approved" })));
    let [token = ""] = await agree(bots.map((bot) => bot.ask("token")));
    for (let expiry = 0; expiry < expiries; expiry++) {
      server.alive.delete(token);
      const [next = ""] = await agree(bots.map((bot) => bot.ask(`token ${token}`)));
      expect(next).not.toBe(token);
      token = next;
    }
    return server.counts;
  } finally {
    await Promise.all(bots.map((bot) => bot.kill()));
    await server.close();
  }
}

async function agree(answers: readonly Promise<{ value?: string; error?: string }>[]): Promise<string[]> {
  const all = await Promise.all(answers);
  expect(all.map(({ error }) => error)).toEqual(all.map(() => undefined));
  const tokens = [...new Set(all.map(({ value = "" }) => value))];
  expect(tokens).toHaveLength(1);
  return tokens;
}
