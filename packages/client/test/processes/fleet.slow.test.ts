import { describe, expect, it } from "vitest";
import { type AutoProvider, startAutoProvider } from "../auto-provider.ts";
import { startBot, temporaryFolder } from "./fleet.ts";
import { playRounds } from "./rounds.ts";

describe("eight processes over one folder", () => {
  it("refresh exactly once for each of twenty expiries, and lose no login (CT-05)", async () => {
    expect(await playRounds(8, 20)).toMatchObject({ refreshes: 20, thefts: 0, logins: 1 });
  }, 60_000);
});

describe("three processes with an empty store", () => {
  it("open one login, and all go on", async () => {
    const server = await startAutoProvider();
    const folder = temporaryFolder();
    const bots = Array.from({ length: 3 }, () => startBot(folder, server.provider));
    const answers = await Promise.all(bots.map((bot) => bot.ask("login")));
    expect(answers).toEqual(bots.map(() => ({ value: "approved" })));
    expect(bots.flatMap(({ opened }) => opened)).toHaveLength(1);
    expect(server.counts).toMatchObject({ logins: 1, exchanges: 1 });
    await server.close();
  });
});

/** Logs in, lets the token expire, and kills the process after its refresh was done and before it heard of it. */
async function killedBetweenAnswerAndSave(server: AutoProvider, folder: string): Promise<string> {
  const victim = startBot(folder, server.provider);
  await victim.ask("login");
  const { value: token = "" } = await victim.ask("token");
  server.alive.delete(token);
  let isDone: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    isDone = resolve;
  });
  server.onRefresh = () => {
    server.onRefresh = undefined;
    isDone();
    return "lose";
  };
  void victim.ask(`token ${token}`);
  await done;
  await victim.kill();
  return token;
}

describe("a process that is killed between the provider's answer and its save", () => {
  it("costs no login where the provider answers a second time", async () => {
    const server = await startAutoProvider({ refresh: { rotates: "never" } });
    server.isForgiving = true;
    const folder = temporaryFolder();
    const token = await killedBetweenAnswerAndSave(server, folder);
    const next = await startBot(folder, server.provider).ask(`token ${token}`);
    expect(next.value).toMatch(/^access-/);
    expect(next.value).not.toBe(token);
    expect(server.counts).toMatchObject({ refreshes: 2, thefts: 0, logins: 1 });
    await server.close();
  });

  it("is told as `ambiguous` where a second try would be theft, and none is made", async () => {
    const server = await startAutoProvider();
    const folder = temporaryFolder();
    const token = await killedBetweenAnswerAndSave(server, folder);
    const bot = startBot(folder, server.provider);
    expect(await bot.ask(`token ${token}`)).toEqual({ error: "ERR_REFRESH_UNCERTAIN" });
    expect(await bot.ask("state")).toEqual({ value: "ambiguous" });
    expect(server.counts).toMatchObject({ refreshes: 1, thefts: 0 });
    await server.close();
  });
});
