import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, codegrantProvider, createMemoryStore } from "@codegrant/client";
import { connect, createMachine } from "@codegrant/client/node";
import { codegrantAuthProvider } from "@codegrant/client/twurple";
import { ApiClient } from "@twurple/api";
import { ChatClient } from "@twurple/chat";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { startBot } from "../../examples/bot/bot.mjs";
import { createUserAgent } from "../../packages/codegrant/test/user-agent.ts";
import { newPerson, type Person } from "../platform.ts";
import { listen } from "./running.ts";
import { register, type Stage, startStage } from "./stage.ts";
import { startTwitchStandIn, type TwitchStandIn } from "./twitch-stand-in.ts";

/** How long Twitch's tokens, and those of our Twitch dialect, live. */
const lifetimeSeconds = 14_400;

let stage: Stage;
let twitch: TwitchStandIn;
let offset = 0;
let refreshes = 0;

beforeAll(async () => {
  stage = await startStage();
  twitch = await startTwitchStandIn(stage.url);
  // Its mock mode: validation and Helix of the stand-in.
  process.env["TWURPLE_MOCK_API_PORT"] = String(twitch.port);
});
afterAll(async () => {
  delete process.env["TWURPLE_MOCK_API_PORT"];
  await twitch.close();
  await stage.close();
});

/** On the server and here. */
function passTime(seconds: number): void {
  stage.step(seconds);
  offset += seconds;
}

/** Both accounts, logged in through the loopback one after the other. */
async function connectBoth(people: Readonly<Record<"bot" | "broadcaster", Person>>): Promise<Connection> {
  const { url, close } = await listen(() => undefined);
  await close();
  const redirectUri = url.replace("127.0.0.1", "localhost");
  const { clientId, clientSecret } = await register(stage, redirectUri);
  let person: Person;
  const connection = connect(codegrantProvider(stage.url, "twitch"), {
    clientId,
    clientSecret,
    redirectUri,
    scopes: ["chat:read", "chat:edit", "moderator:read:followers"],
    store: createMemoryStore(),
    clock: {
      now: () => Math.floor(Date.now() / 1_000) + offset,
      elapsed: () => performance.now() / 1_000 + offset,
      wait: async (seconds, { signal, isBackground = false } = {}) => {
        await sleep(seconds * 1_000, undefined, { ref: !isBackground, ...(signal && { signal }) }).catch(
          () => undefined,
        );
      },
    },
    fetch: (address, init) => {
      if (typeof init.body === "string" && init.body.includes("grant_type=refresh_token")) refreshes++;
      return fetch(address, init);
    },
    machine: {
      ...createMachine(),
      openBrowser: async (address) => {
        const { left } = await createUserAgent().walk(address, { ...person, decision: "approve" });
        // The listener answers while the login goes on.
        if (left !== undefined) void fetch(left);
        return true;
      },
      tell: () => undefined,
    },
  });
  for (const account of ["bot", "broadcaster"] as const) {
    person = people[account];
    const result = await connection.account(account).login({ expect: person.login, timeoutSeconds: 10 });
    expect(result).toMatchObject({ status: "approved", account, who: { login: person.login } });
  }
  return connection;
}

it("the example's bot and its broadcaster go on in chat and Helix across two expiries", async () => {
  const people = { bot: await newPerson(stage, "Robot"), broadcaster: await newPerson(stage, "Ada") };
  const connection = await connectBoth(people);
  const authProvider = await codegrantAuthProvider(connection, {
    intents: { broadcaster: "broadcaster" },
    now: () => Date.now() + offset * 1_000,
  });
  const { login } = people.broadcaster;
  const id = (await connection.account("broadcaster").status()).who?.id ?? "";
  const quiet = { logger: { minLevel: "critical" }, ...twitch.chatOptions } as const;
  const api = new ApiClient({ authProvider, logger: quiet.logger });
  const bot = await startBot(connection, quiet);
  const broadcaster = new ChatClient({ authProvider, channels: [login], authIntents: ["broadcaster"], ...quiet });
  onTestFinished(() => {
    bot.quit();
    broadcaster.quit();
  });
  broadcaster.connect();

  for (const expiries of [0, 1, 2]) {
    await untilBothAreIn(people, expiries + 1);
    const answered = new Promise((resolve) => {
      const listener = broadcaster.onMessage((_channel, user, text) => {
        broadcaster.removeListener(listener);
        resolve({ user, text });
      });
    });
    const [counts] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => api.channels.getChannelFollowerCount(id))),
      broadcaster.say(login, "!followers"),
    ]);
    expect(counts).toEqual([42, 42, 42, 42, 42]);
    expect(await answered).toEqual({ user: people.bot.login, text: `${login} has 42 followers.` });
    // One for each account and expiry, however many ask.
    expect(refreshes).toBe(2 * expiries);
    if (expiries === 2) break;
    passTime(lifetimeSeconds);
    twitch.dropChats();
  }
});

/** Let in so often, and in the channel. */
async function untilBothAreIn({ bot, broadcaster }: Readonly<Record<"bot" | "broadcaster", Person>>, times: number) {
  await expect
    .poll(() => [bot, broadcaster].map(({ login }) => twitch.joined.filter((one) => one === login).length), {
      timeout: 10_000,
    })
    .toEqual([times, times]);
}
