import { inspect } from "node:util";
import { rfc6749 } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import type { ClientStore, ConnectionError } from "../../src/index.ts";
import type { ConnectionRecord, Lease } from "../../src/keeper/connection-record.ts";
import { createConnectionStore } from "../../src/keeper/connection-store.ts";
import { client, thrownBy } from "../fixtures.ts";
import { accountName, createWorld, type World } from "./keeper-world.ts";

const grace = { rotates: "always", graceSeconds: 60 } as const;
const strict = { rotates: "always", onReuse: "ends_grant", graceSeconds: 0 } as const;

describe("a token", () => {
  it("is handed out as it is while it lives", async () => {
    const world = createWorld();
    await world.logIn();
    const bot = world.process();
    expect(await bot.token()).toBe("access-1");
    await world.clock.pass(3_000);
    expect(await bot.token()).toBe("access-1");
    expect(world.server.refreshes).toBe(0);
  });

  it("is refreshed in the last tenth of its life, before it is refused anywhere", async () => {
    const world = createWorld();
    await world.logIn();
    const bot = world.process();
    await world.clock.pass(3_299);
    expect(await bot.token()).toBe("access-1");
    await world.clock.pass(2);
    expect(await bot.token()).toBe("access-2");
    expect(bot.events).toEqual([]);
  });

  it("is refreshed sooner for a caller who needs it longer", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(2_000);
    expect(await world.process().token({ minimumSeconds: 1_700 })).toBe("access-2");
  });

  it("is asked to live at most half of what the provider gives, so that no caller asks for a storm (DO-12)", async () => {
    const world = createWorld();
    await world.logIn();
    const bot = world.process();
    for (let minute = 0; minute < 60; minute++) {
      await bot.token({ minimumSeconds: 1_000_000 });
      await world.clock.pass(60);
    }
    expect(world.server.refreshes).toBe(1);
  });

  it("is refreshed exactly once for fifty callers at once", async () => {
    const world = createWorld();
    await world.logIn();
    const bot = world.process();
    await world.clock.pass(4_000);
    const tokens = await Promise.all(Array.from({ length: 50 }, () => bot.token()));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    expect(world.server.received).toEqual(["refresh-1"]);
  });

  it("is refreshed exactly once for five processes at the same moment (CT-05)", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    const bots = Array.from({ length: 5 }, () => world.process());
    const tokens = await Promise.all(bots.map((bot) => bot.token()));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    expect(world.server.received).toEqual(["refresh-1"]);
  });

  it("is in the store before anyone sees it, and the spent refresh token no more (CT-10)", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    expect(await world.process().token()).toBe("access-2");
    const record = await world.record();
    expect(record).toMatchObject({ generation: 1, tokens: { accessToken: "access-2", refreshToken: "refresh-2" } });
    expect(JSON.stringify(record)).not.toContain("refresh-1");
    expect([record.journal, record.refreshLease]).toEqual([undefined, undefined]);
  });

  it("of an unknown lifetime is used until it is refused", async () => {
    const world = createWorld();
    const { expiresAt: _expiresAt, ...tokens } = world.server.logIn();
    await world.logIn({ tokens: { ...tokens, accessToken: "endless", refreshToken: "refresh-2" } });
    const bot = world.process();
    await world.clock.pass(10_000_000);
    expect(await bot.token()).toBe("endless");
    expect(await bot.token({ refused: "endless" })).toBe("access-3");
  });

  it("with a lifetime of nothing is handed out all the same, and does not start a storm (DO-12)", async () => {
    const world = createWorld({ lifetimeSeconds: 0 });
    await world.logIn();
    await world.clock.pass(5);
    const bot = world.process();
    expect(await bot.token()).toBe("access-2");
    expect(await bot.token()).toBe("access-2");
    expect(world.server.refreshes).toBe(1);
  });
});

describe("clocks", () => {
  it("that jump nine hours, as a laptop's that slept, lead to exactly one refresh", async () => {
    const world = createWorld({ lifetimeSeconds: 4 * 3_600 });
    await world.logIn();
    const bot = world.process();
    expect(await bot.token()).toBe("access-1");
    world.clock.jump(9 * 3_600);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => bot.token()));
    expect(new Set(tokens)).toEqual(new Set(["access-2"]));
    await world.clock.pass(600);
    expect(await bot.token()).toBe("access-2");
    expect(world.server.received).toEqual(["refresh-1"]);
  });

  it("that are set back do not keep a dead token alive", async () => {
    const world = createWorld();
    await world.logIn();
    const bot = world.process();
    expect(await bot.token()).toBe("access-1");
    world.clock.jump(-9 * 3_600);
    expect(await bot.token()).toBe("access-1");
    await world.clock.pass(3_601);
    expect(await bot.token()).toBe("access-2");
    expect(world.server.refreshes).toBe(1);
  });
});

describe("a refused token", () => {
  it("is replaced once, and by what another process has already fetched", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(60);
    const [one, two] = [world.process(), world.process()];
    expect(await one.token({ refused: "access-1" })).toBe("access-2");
    expect(await two.token({ refused: "access-1" })).toBe("access-2");
    expect(world.server.refreshes).toBe(1);
  });

  it("that was issued a moment ago is not refreshed again: another would not help (DO-12)", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(60);
    const bot = world.process();
    expect(await bot.token({ refused: "access-1" })).toBe("access-2");
    const error = (await thrownBy(bot.token({ refused: "access-2" }))) as ConnectionError;
    expect(error).toMatchObject({ code: "invalid_token", provider: "example" });
    await world.clock.pass(11);
    expect(await bot.token({ refused: "access-2" })).toBe("access-3");
  });
});

describe("a provider with troubles of its own (CT-12)", () => {
  it.each([
    ["a 500", { status: 500 }],
    ["a 503 in HTML", { status: 503, body: "<h1>sorry</h1>" }],
    ["a 429", { status: 429, body: '{"error":"slow_down"}' }],
    ["a firewall's 403", { status: 403, body: "<html>blocked</html>" }],
    ["no connection", "unreachable"],
    ["a broken connection", "request lost"],
  ] as const)("answering with %s costs no tokens, and is asked again after a pause", async (_what, manner) => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push(manner);
    const bot = world.process();
    const error = (await thrownBy(bot.token())) as ConnectionError;
    expect(error).toMatchObject({ provider: "example", retryable: true });
    expect(await thrownBy(bot.token())).toMatchObject({ retryable: true });
    expect(world.server.received).toHaveLength(1);
    await world.clock.pass(3);
    expect(await bot.token()).toBe("access-2");
    expect(bot.events.map(({ from, to }) => [from, to])).toEqual([
      ["active", "provider_down"],
      ["provider_down", "active"],
    ]);
  });

  it("is left alone for as long as it asks", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push({ status: 503, headers: { "retry-after": "120" } });
    const bot = world.process();
    await thrownBy(bot.token());
    await world.clock.pass(118);
    await thrownBy(bot.token());
    expect(world.server.received).toHaveLength(1);
    await world.clock.pass(3);
    expect(await bot.token()).toBe("access-2");
  });

  it("is asked less and less often, by all processes together", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push(...Array.from({ length: 100 }, () => ({ status: 500 })));
    const bots = [world.process(), world.process()];
    for (let second = 0; second < 600; second++) {
      await Promise.all(bots.map((bot) => thrownBy(bot.token())));
      await world.clock.pass(1);
    }
    expect(world.server.received.length).toBeGreaterThan(5);
    expect(world.server.received.length).toBeLessThan(20);
    expect(bots[0]?.events.map(({ to }) => to)).toEqual(["provider_down"]);
  });

  it("keeps nobody from a token that is still good", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(3_400);
    world.server.manners.push({ status: 500 });
    const bot = world.process();
    expect(await bot.token()).toBe("access-1");
    expect((await bot.keeper.status(accountName)).state).toBe("provider_down");
  });
});

describe("a refusal", () => {
  it("parks the connection at once, says so once and what mends it, and is not repeated", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.end();
    const bot = world.process();
    const error = (await thrownBy(bot.token())) as ConnectionError;
    expect(error).toMatchObject({ code: "ERR_LOGIN_NEEDED", actor: "user", loginAt: "example login bot" });
    expect(error.cause).toMatchObject({ code: "invalid_grant" });
    await world.clock.pass(4_000);
    await thrownBy(bot.token());
    expect(world.server.received).toHaveLength(1);
    expect(bot.events).toEqual([
      expect.objectContaining({
        account: "bot",
        to: "needs_login",
        cause: expect.objectContaining({ code: "invalid_grant", loginAt: "example login bot" }),
      }),
    ]);
  });

  it("of an early refresh throws away no token that is still good", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(3_400);
    world.server.end();
    const bot = world.process();
    expect(await bot.token()).toBe("access-1");
    expect(await bot.keeper.status(accountName)).toMatchObject({ state: "needs_login", isUsable: true });
    await world.clock.pass(300);
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_LOGIN_NEEDED" });
  });

  it("is a race and no death if another process has stored a newer token meanwhile (CT-07)", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    const bot = world.process();
    world.server.onRequest = async () => {
      world.server.onRequest = undefined;
      const { version, record } = (await world.store.find(accountName)) ?? {};
      if (record === undefined) return;
      world.server.end();
      const tokens = { ...world.server.logIn(), accessToken: "theirs" };
      world.server.end();
      await world.store.save(accountName, { ...record, generation: 1, tokens }, version);
    };
    expect(await bot.token()).toBe("theirs");
    expect(await world.record()).toMatchObject({ generation: 1, tokens: { accessToken: "theirs" } });
  });

  it("heals by itself when another process logs in", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.end();
    const bot = world.process();
    await thrownBy(bot.token());
    await world.logIn();
    expect(await bot.token()).toBe("access-2");
    expect(bot.events.map(({ to }) => to)).toEqual(["needs_login", "active"]);
  });

  it("of the client opens a circuit for all its accounts and parks none of them", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    const refusal = { status: 401, body: '{"error":"invalid_client"}' };
    world.server.manners.push(refusal, refusal);
    const bot = world.process();
    const record = await world.record();
    for (let user = 0; user < 100; user++) await world.store.save(`user-${user}`, record, undefined);
    expect(await thrownBy(bot.token())).toMatchObject({ code: "invalid_client", actor: "developer" });
    for (let user = 0; user < 100; user++) {
      expect(await thrownBy(bot.keeper.freshTokens(`user-${user}`))).toMatchObject({ code: "invalid_client" });
    }
    expect(world.server.received).toHaveLength(1);
    expect(bot.events).toEqual([expect.objectContaining({ to: "client_broken" })]);
    expect((await world.record()).trouble).toBeUndefined();
    await world.clock.pass(61);
    await thrownBy(bot.token());
    expect(world.server.received).toHaveLength(2);
    await world.clock.pass(61);
    expect(await bot.token()).toBe("access-2");
    expect(bot.events.map(({ to }) => to)).toEqual(["client_broken", "active"]);
  });
});

describe("a refusal of the client", () => {
  const refusal = { status: 401, body: '{"error":"invalid_client"}' };

  it("by hand leaves a lost answer as uncertain as it was", async () => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push("answer lost", refusal);
    const bot = world.process();
    await thrownBy(bot.token());
    await thrownBy(world.clock.run(bot.refresh()));
    expect((await world.record()).trouble).toMatchObject({ state: "ambiguous" });
    expect(await thrownBy(world.process().token())).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN" });
  });

  it("by hand leaves a connection that needs a login in need of it", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.end();
    const bot = world.process();
    await thrownBy(bot.token());
    world.server.manners.push(refusal);
    await thrownBy(world.clock.run(bot.refresh()));
    expect((await world.record()).trouble).toMatchObject({ state: "needs_login", code: "invalid_grant" });
  });

  it("shows that the provider is up again", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push("unreachable", refusal);
    const bot = world.process();
    await thrownBy(bot.token());
    await world.clock.pass(3);
    expect(await thrownBy(bot.token())).toMatchObject({ code: "invalid_client" });
    expect((await world.record()).trouble).toBeUndefined();
  });
});

describe("a lost answer", () => {
  it("is asked for again where the provider answers it", async () => {
    const world = createWorld({ habits: { rotates: "sometimes", graceSeconds: Number.POSITIVE_INFINITY } });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push("request lost");
    const bot = world.process();
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_NETWORK", retryable: true });
    await world.clock.pass(3);
    expect(await bot.token()).toBe("access-2");
  });

  it("is ambiguous where a second try may end everything, and is not tried again", async () => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push("answer lost");
    const bot = world.process();
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN", actor: "user" });
    await world.clock.pass(100_000);
    await thrownBy(bot.token());
    expect(world.server.received).toEqual(["refresh-1"]);
    expect(bot.events.map(({ to }) => to)).toEqual(["ambiguous"]);
  });

  it.each([
    ["a 500 with a code", { status: 500, body: '{"error":"server_error"}' }],
    ["a 500 without a word", { status: 500 }],
    ["a 502", { status: 502, body: "<h1>bad gateway</h1>" }],
    ["a 504", { status: 504 }],
    ["a 524 of a network in front of it", { status: 524, body: "<h1>a timeout occurred</h1>" }],
    ["an error in a 200", { status: 200, body: '{"error":"server_error"}' }],
    ["half an answer", { status: 200, body: '{"access_token":"acc' }],
  ])("may also be %s: a server that wrote first and then failed would punish a repeat", async (_what, failure) => {
    const mayHide = { dialect: { ...rfc6749, error: { ...rfc6749.error, mayHideInSuccess: true } } };
    const world = createWorld({ habits: strict, columns: mayHide });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push({ ...failure, isDone: true });
    const bot = world.process();
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN" });
    await world.clock.pass(100_000);
    await thrownBy(bot.token());
    expect(world.server.received).toEqual(["refresh-1"]);
    expect(world.server.hasSeenTheft).toBe(false);
  });

  it.each([
    ["a 503", { status: 503 }],
    ["a 429", { status: 429 }],
    ["a 400 that asks for patience", { status: 400, body: '{"error":"temporarily_unavailable"}' }],
  ])(
    "is not %s, which says that nothing was done, so even a strict provider is asked again",
    async (_what, failure) => {
      const world = createWorld({ habits: strict });
      await world.logIn();
      await world.clock.pass(4_000);
      world.server.manners.push(failure);
      const bot = world.process();
      expect(await thrownBy(bot.token())).toMatchObject({ retryable: true });
      await world.clock.pass(3);
      expect(await bot.token()).toBe("access-2");
    },
  );

  it("is asked for again of a provider nobody knows, until it has been seen to spend a refresh token by its use", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push("request lost");
    const bot = world.process();
    await thrownBy(bot.token());
    await world.clock.pass(3);
    expect(await bot.token()).toBe("access-2");
    await world.clock.pass(4_000);
    world.server.manners.push("answer lost");
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN" });
    expect(world.server.hasSeenTheft).toBe(false);
  });

  it("is tried again by hand if a person wants to", async () => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push("request lost");
    const bot = world.process();
    await thrownBy(bot.token());
    await world.clock.run(bot.refresh());
    expect(await bot.token()).toBe("access-2");
    expect(bot.events.map(({ to }) => to)).toEqual(["ambiguous", "active"]);
  });

  it("counts from the first try: the provider's window is over when it is over", async () => {
    const world = createWorld({ habits: grace });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push("request lost", { status: 503, headers: { "retry-after": "90" } });
    const bot = world.process();
    await thrownBy(bot.token());
    await world.clock.pass(3);
    await thrownBy(bot.token());
    await world.clock.pass(120);
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN" });
    expect(world.server.received).toHaveLength(2);
  });
});

describe("a process that is killed in the middle of a refresh", () => {
  const killedWhile = async (world: ReturnType<typeof createWorld>): Promise<void> => {
    const victim = world.process();
    let isSending = (): void => undefined;
    const sending = new Promise<void>((resolve) => {
      isSending = resolve;
    });
    world.server.onRequest = () => {
      world.server.onRequest = undefined;
      isSending();
      return new Promise(() => undefined);
    };
    void victim.keeper.freshTokens(accountName).catch(() => undefined);
    await sending;
    world.gone.add(victim.identity.pid);
  };

  it("is followed at once by another on the same machine (CT-08)", async () => {
    const world = createWorld({ habits: grace });
    await world.logIn();
    await world.clock.pass(4_000);
    await killedWhile(world);
    const before = world.clock.elapsed();
    expect(await world.process().token()).toBe("access-2");
    expect(world.clock.elapsed() - before).toBeLessThan(1);
  });

  it("is followed after lease and deadline by one that cannot see it (CT-08)", async () => {
    const world = createWorld({ habits: { ...grace, graceSeconds: 600 } });
    await world.logIn();
    await world.clock.pass(4_000);
    await killedWhile(world);
    const before = world.clock.elapsed();
    const elsewhere = world.process({ machine: undefined });
    // The victim of this test still renews, as no killed process does: it must not, so its lease is frozen by hand.
    const found = await world.store.find(accountName);
    expect(found?.record?.refreshLease?.holder).toBeDefined();
    if (found?.record?.refreshLease !== undefined) {
      const frozen = { ...found.record.refreshLease, owner: "a killed process" };
      await world.store.save(accountName, { ...found.record, refreshLease: frozen }, found.version);
    }
    expect(await elsewhere.token()).toBe("access-2");
    expect(world.clock.elapsed() - before).toBeGreaterThan(50);
    expect(world.clock.elapsed() - before).toBeLessThan(60);
  });

  it("leaves `ambiguous` where the provider allows no second try, and its tokens as they are", async () => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    await killedWhile(world);
    expect(await thrownBy(world.process().token())).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN" });
    expect(world.server.received).toHaveLength(1);
    expect((await world.record()).tokens?.refreshToken).toBe("refresh-1");
  });

  it("and only slept heals it, by its late answer", async () => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    const sleeper = world.process();
    const bot = world.process();
    world.server.onRequest = async () => {
      world.server.onRequest = undefined;
      world.gone.add(sleeper.identity.pid);
      expect(await thrownBy(bot.keeper.freshTokens(accountName))).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN" });
    };
    expect(await sleeper.token()).toBe("access-2");
    expect(await bot.token()).toBe("access-2");
    expect(bot.events.map(({ to }) => to)).toEqual(["ambiguous", "active"]);
  });
});

describe("a refresh that is overtaken", () => {
  const meanwhile = async (world: ReturnType<typeof createWorld>, what: () => Promise<unknown>): Promise<void> => {
    world.server.onRequest = async () => {
      world.server.onRequest = undefined;
      await what();
    };
  };

  it("by a login leaves the new login's tokens alone", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    await meanwhile(world, () => world.logIn({ tokens: { ...world.server.logIn(), accessToken: "of the new login" } }));
    expect(await world.process().token()).toBe("of the new login");
    expect((await world.record()).grantId).toBe("grant-2");
  });

  it("by a removal does not bring the connection back, and revokes what came for it", async () => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    await meanwhile(world, async () => {
      const version = (await world.store.find(accountName))?.version ?? "";
      await world.store.remove(accountName, version);
    });
    expect(await thrownBy(world.process().token())).toMatchObject({ code: "ERR_LOGIN_NEEDED" });
    expect(await world.store.find(accountName)).toBeUndefined();
    expect(world.server.revoked).toEqual(["refresh-2"]);
  });
});

describe("a login of another process during a refresh", () => {
  const loginLease: Lease = { owner: "the other one", beat: 7, lengthSeconds: 30 };
  const write = async (world: World, change: Partial<ConnectionRecord>): Promise<void> => {
    const { version } = (await world.store.find(accountName)) ?? {};
    await world.store.save(accountName, { ...(await world.record()), ...change }, version);
  };

  it.each([["done"], ["refused"]])("that begins keeps its lease when the refresh is %s", async (end) => {
    const world = createWorld();
    await world.logIn();
    await world.clock.pass(4_000);
    if (end === "refused") world.server.end();
    world.server.onRequest = () => write(world, { loginLease });
    await Promise.allSettled([world.process().token()]);
    expect((await world.record()).loginLease).toEqual(loginLease);
  });

  it.each([["done"], ["refused"]])(
    "that was declined is told to those who wait when the refresh is %s",
    async (end) => {
      const world = createWorld();
      await world.logIn({ loginLease });
      await world.clock.pass(4_000);
      if (end === "refused") world.server.end();
      const loginEnd = { owner: loginLease.owner, status: "declined" } as const;
      world.server.onRequest = () => write(world, { loginLease: undefined, loginEnd });
      await Promise.allSettled([world.process().token()]);
      expect(await world.record()).toMatchObject({ loginEnd });
      expect((await world.record()).loginLease).toBeUndefined();
    },
  );
});

describe("a refresh by hand", () => {
  it("succeeds also where the provider gives the same access token again", async () => {
    const world = createWorld();
    await world.logIn();
    const bot = world.process();
    world.server.manners.push({
      status: 200,
      body: '{"access_token":"access-1","expires_in":3600,"token_type":"Bearer"}',
    });
    await world.clock.run(bot.refresh());
    expect((await world.record()).generation).toBe(1);
  });

  it("without a refresh token says so, and calls no token ended that is good", async () => {
    const world = createWorld();
    const { refreshToken: _, ...tokens } = world.server.logIn();
    await world.logIn({ tokens });
    const error = (await thrownBy(world.process().refresh())) as ConnectionError;
    expect(error).toMatchObject({ code: "ERR_LOGIN_NEEDED" });
    expect(error.message).not.toContain("has ended");
    expect(await world.process().token()).toBe("access-1");
  });
});

describe("a store that fails when the tokens have come", () => {
  it("is tried again until it works, and the provider is asked only once", async () => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    let isFull = false;
    world.server.onRequest = () => {
      isFull = true;
    };
    const full: ClientStore = {
      ...world.clientStore,
      save: (...step) => (isFull ? Promise.reject(new Error("no space left")) : world.clientStore.save(...step)),
    };
    const bot = world.process({ store: createConnectionStore(full, world.server.provider, client.clientId) });
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_STORE_UNAVAILABLE", actor: "operator" });
    isFull = false;
    expect(await bot.token()).toBe("access-2");
    expect(world.server.received).toEqual(["refresh-1"]);
    expect((await world.record()).tokens?.accessToken).toBe("access-2");
  });
});

describe("a store that fails around a refresh that was not done", () => {
  it.each([
    ["before it is sent", [], 2],
    ["when the provider has said that it is busy", [{ status: 503 }], 3],
  ])("%s leaves nothing uncertain: it is done as soon as both work", async (_when, manners, worksUntil) => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push(...manners);
    let saves = 0;
    const full: ClientStore = {
      ...world.clientStore,
      save: (...step) => (++saves >= worksUntil ? Promise.reject(new Error("full")) : world.clientStore.save(...step)),
    };
    const bot = world.process({ store: createConnectionStore(full, world.server.provider, client.clientId) });
    expect(await thrownBy(bot.token())).toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    saves = Number.NEGATIVE_INFINITY;
    await world.clock.pass(3);
    expect(await bot.token()).toBe("access-2");
    expect(world.server.received).toHaveLength(manners.length + 1);
    expect(world.server.hasSeenTheft).toBe(false);
  });
});

describe("the duty to validate", () => {
  const hourly = { validateEverySeconds: 3_600 };

  it("is done at the start and within every hour, not at the same minute by all", async () => {
    const world = createWorld({ columns: hourly, lifetimeSeconds: 40 * 3_600 });
    await world.logIn();
    const bots = Array.from({ length: 4 }, () => world.process());
    await Promise.all(bots.map((bot) => bot.token()));
    expect(world.server.validated).toHaveLength(4);
    const moments = new Set<number>();
    for (let minute = 1; minute <= 10 * 60; minute++) {
      await world.clock.pass(60);
      const before = world.server.validated.length;
      await Promise.all(bots.map((bot) => bot.token()));
      if (world.server.validated.length > before) moments.add(minute);
    }
    expect(world.server.validated.length).toBeGreaterThanOrEqual(4 * 11);
    expect(world.server.validated.length).toBeLessThanOrEqual(4 * 14);
    expect(moments.size).toBeGreaterThan(14);
  });

  it("finds a token that was revoked elsewhere, and a fresh one takes its place", async () => {
    const world = createWorld({ columns: hourly });
    await world.logIn();
    await world.clock.pass(60);
    world.server.dead.add("access-1");
    expect(await world.process().token()).toBe("access-2");
  });

  it("says to log in where there is nothing to refresh with, to every process", async () => {
    const world = createWorld({ columns: hourly });
    const { refreshToken: _refreshToken, ...tokens } = world.server.logIn();
    await world.logIn({ tokens });
    const [one, two] = [world.process(), world.process()];
    world.server.dead.add(tokens.accessToken);
    expect(await thrownBy(one.token())).toMatchObject({ code: "ERR_LOGIN_NEEDED" });
    expect(one.events).toEqual([expect.objectContaining({ from: "active", to: "needs_login" })]);
    expect((await two.keeper.status(accountName)).state).toBe("needs_login");
  });

  it("keeps nobody from a token while the provider cannot say, and is done again soon", async () => {
    const world = createWorld({ columns: hourly });
    await world.logIn();
    world.server.validations.push("down");
    const bot = world.process();
    expect(await bot.token()).toBe("access-1");
    await world.clock.pass(301);
    expect(await bot.token()).toBe("access-1");
    expect(world.server.validated).toHaveLength(2);
  });
});

describe("a connection that is kept", () => {
  it("is refreshed in time though nobody asks for a token, until it is let go", async () => {
    const world = createWorld();
    await world.logIn();
    const bot = world.process();
    const stop = bot.keeper.keep(accountName);
    await world.clock.pass(3 * 3_600);
    expect(world.server.refreshes).toBe(3);
    stop();
    await world.clock.pass(3 * 3_600);
    expect(world.server.refreshes).toBe(3);
    expect(bot.events).toEqual([]);
  });
});

describe("secrets (CT-23)", () => {
  it("are in no status, no event and no error", async () => {
    const world = createWorld({ habits: strict });
    await world.logIn();
    await world.clock.pass(4_000);
    world.server.manners.push({
      status: 400,
      body: '{"error":"invalid_grant","error_description":"refresh-1 is spent"}',
    });
    const bot = world.process();
    const error = await thrownBy(bot.token());
    const told = [await bot.keeper.status(accountName), bot.events, error].map((one) => [
      JSON.stringify(one),
      inspect(one, { depth: 20, showHidden: true }),
      String(one),
    ]);
    expect(told.join()).toContain("needs_login");
    expect(told.join()).not.toMatch(/access-1|refresh-1/);
    expect(told.join()).not.toContain(client.clientSecret);
  });
});
