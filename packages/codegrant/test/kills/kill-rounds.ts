import { once } from "node:events";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { run, runJson } from "../command.ts";
import { createUserAgent } from "../user-agent.ts";
import { type ChildServer, loadServer } from "./child-server.ts";
import {
  approve,
  authorizePath,
  type Credentials,
  exchange,
  type Holding,
  isGood,
  redirectUri,
  refresh,
  revoke,
} from "./client.ts";

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** Requests that a kill left without an answer. */
  readonly underWay: number;
  /** Of those, exchanges that had happened: their users approved again. */
  readonly replays: number;
}

/**
 * Kills a server under load again and again, each time restarts it on the same file, and throws if anything that it
 * had answered is not so.
 */
export async function killRounds(folder: string, kills: number, seed: number): Promise<KillReport> {
  const random = drawFrom(seed);
  const file = path.join(folder, "platform.db");
  const port = await freePort();
  const clientId = await prepare(file);
  let next = loadServer(file, port);
  await next.start();
  const credentials: Credentials = { ...clientId, cookie: await signIn(port, clientId.clientId) };
  const report = { kills, acknowledged: 0, underWay: 0, replays: 0 };
  let before: readonly Holding[] = [];
  for (let round = 0; round < kills; round++) {
    const server = next;
    next = loadServer(file, port);
    const holdings = await loadUntilKilled(server, credentials, random);
    await next.start();
    report.acknowledged += holdings.reduce((sum, one) => sum + one.acknowledged, 0);
    report.underWay += holdings.filter(({ underWay }) => underWay !== undefined).length;
    const found = await Promise.all([...before, ...holdings].map((holding) => check(next, credentials, holding)));
    report.replays += found.filter((what) => what === "replay").length;
    // Some are looked at again after the next kill.
    before = holdings.filter(({ refresh: held, isRevoked, underWay }) => held && !isRevoked && !underWay).slice(0, 5);
  }
  await next.kill();
  return report;
}

const workers = 6;
const mostAnswers = 30;

/** Told of each answer, and when it is over. */
interface Load {
  isKilled: boolean;
  answered(): void;
}

/** The kill comes after so many answers, or a moment later, whatever the machine's speed. */
async function loadUntilKilled(server: ChildServer, credentials: Credentials, random: Random): Promise<Holding[]> {
  const holdings: Holding[] = [];
  let killed = Promise.resolve();
  let answersLeft = 1 + Math.floor(random() * mostAnswers);
  await new Promise<void>((resolve, reject) => {
    const load: Load = {
      isKilled: false,
      answered() {
        answersLeft -= 1;
        if (answersLeft === 0) killed = sleep(random() * 5).then(kill);
      },
    };
    const working = Array.from({ length: workers }, () => work(server, credentials, holdings, random, load));
    const kill = async (): Promise<void> => {
      load.isKilled = true;
      await server.kill();
    };
    Promise.all(working).then(() => resolve(), reject);
  });
  await killed;
  return holdings;
}

/** Lives through one grant after another until the server is gone. */
async function work(
  server: ChildServer,
  credentials: Credentials,
  holdings: Holding[],
  random: Random,
  load: Load,
): Promise<void> {
  try {
    while (!load.isKilled) {
      const holding: Holding = { isRevoked: false, acknowledged: 0 };
      holdings.push(holding);
      await liveOneGrant(server, credentials, holding, random, load);
    }
  } catch (error) {
    if (!load.isKilled || error instanceof Refused) throw error;
  }
}

/** The server said no where it had to say yes. */
class Refused extends Error {}

async function liveOneGrant(
  server: ChildServer,
  credentials: Credentials,
  holding: Holding,
  random: Random,
  load: Load,
): Promise<void> {
  const step = async <T>(what: NonNullable<Holding["underWay"]>, done: Promise<T | undefined>): Promise<T> => {
    holding.underWay = what;
    const result = await done;
    delete holding.underWay;
    if (result === undefined) throw new Refused(`${what} was refused`);
    holding.acknowledged += 1;
    load.answered();
    return result;
  };
  const code = await step("approve", approve(server, credentials));
  holding.code = code;
  if (random() < 0.1) return;
  Object.assign(holding, await step("exchange", exchange(server, credentials, code)));
  for (let times = random() * 4; times > 1; times--)
    Object.assign(holding, await step("refresh", refresh(server, credentials, holding.refresh ?? "")));
  if (random() < 0.9) return;
  await step("revoke", revoke(server, credentials, holding.refresh ?? ""));
  holding.isRevoked = true;
}

/** Whether all that was answered still holds. */
async function check(server: ChildServer, credentials: Credentials, holding: Holding): Promise<"held" | "replay"> {
  const { code, access, refresh: held, underWay, isRevoked } = holding;
  if (code === undefined || underWay === "revoke") return "held";
  if (access === undefined || held === undefined) return checkCode(server, credentials, code, underWay !== undefined);
  expect(await isGood(server, access), `access token, under way: ${underWay}`).toBe(!isRevoked);
  const next = await refresh(server, credentials, held);
  expect(next !== undefined, `refresh token, under way: ${underWay}`).toBe(!isRevoked);
  expect(await exchange(server, credentials, code), "a code that was redeemed").toBeUndefined();
  Object.assign(holding, next);
  return "held";
}

/** A code whose exchange was not answered may be spent; then the user approves again. No code is good twice. */
async function checkCode(
  server: ChildServer,
  credentials: Credentials,
  code: string,
  wasUnderWay: boolean,
): Promise<"held" | "replay"> {
  const first = await exchange(server, credentials, code);
  if (first === undefined) {
    expect(wasUnderWay, "a code that was given and not used").toBe(true);
    expect(await exchange(server, credentials, await approve(server, credentials))).toBeDefined();
    return "replay";
  }
  expect(await exchange(server, credentials, code), "a code that was redeemed").toBeUndefined();
  expect(await refresh(server, credentials, first.refresh)).toBeDefined();
  return "held";
}

const login = "ada";
const password = "correct horse battery";

async function prepare(file: string): Promise<{ readonly clientId: string; readonly clientSecret: string }> {
  await run(["user", "create", "--db", file, "--login", login, "--password-stdin"], { input: `${password}\n` });
  const create = ["app", "create", "--db", file, "--name", "Printer", "--redirect-uri", redirectUri];
  const app: Record<string, unknown> = await runJson(create);
  return { clientId: String(app["client_id"]), clientSecret: String(app["client_secret"]) };
}

/** Signs in and approves for the first time; from then on a session and a consent are in the file. */
async function signIn(port: number, clientId: string): Promise<string> {
  const person = createUserAgent();
  const start = `http://localhost:${port}${authorizePath({ clientId })}`;
  const { left } = await person.walk(start, { login, password, decision: "approve" });
  expect(left?.searchParams.get("code")).toBeTruthy();
  return [...person.cookies].map((pair) => pair.join("=")).join("; ");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

type Random = () => number;

/** Mulberry32: 0 to 1, the same for the same seed. When a kill comes in a request is the machine's choice all the same. */
function drawFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
