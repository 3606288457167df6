import assert from "node:assert/strict";
import type { Store } from "../store.ts";
import { assertCounts, assertSame, found, twenty } from "./assertions.ts";
import { application, approve, bytes, now, passwordChange, remember, user } from "./samples.ts";
import { storeCase } from "./store-case.ts";

export const userCases = [
  storeCase("gives a user back as it was created, by id and by login", async (store) => {
    const registered = user({
      login: "ada",
      displayName: "Ada 🌸 Ложка",
      email: "ada@a.example",
      passwordHash: "$argon2id$",
    });
    const created = await create(store, registered);
    assertSame(created, { ...registered, id: created.id, epoch: 0, disabled: false });
    assertSame(await store.findUser(created.id), created);
    assertSame(await store.findUserByLogin("ada"), created);
  }),

  storeCase("tells the epoch of any user, also of a host's, and 0 before it was raised", async (store) => {
    const { id } = await create(store, user());
    for (const userId of [id, "host|42 ü"]) {
      assert.equal(await store.findUserEpoch(userId), 0);
      await store.endUserGrants(userId, { at: now, why: "user" });
      assert.equal(await store.findUserEpoch(userId), 1);
    }
    assert.equal(await store.findUserEpoch("host|43"), 0);
  }),

  storeCase("a user without email and password has neither", async (store) => {
    const { id } = await create(store, user());
    const kept = found(await store.findUser(id));
    assert.deepEqual(["email" in kept, "passwordHash" in kept], [false, false]);
  }),

  storeCase("finds nobody by an id that it never gave", async (store) => {
    const { id } = await create(store, user());
    for (const other of [
      "",
      "0",
      "-1",
      "x",
      `0${id}`,
      `${id}.0`,
      ` ${id}`,
      `${id}e0`,
      `${Number(id) + 1}`,
      "9".repeat(30),
    ]) {
      assert.equal(await store.findUser(other), undefined, JSON.stringify(other));
    }
    assert.equal(await store.findUserByLogin("adam"), undefined);
  }),

  storeCase("compares logins without case, in any alphabet, and keeps them as they were typed", async (store) => {
    for (const [login, ...others] of [
      ["Ada", "ADA", "ada", "ａｄａ"],
      ["Ärger", "äRGER"],
      ["ЛЕНА", "лена"],
    ] as const) {
      const created = await create(store, user({ login }));
      for (const other of others) {
        assertSame(await store.findUserByLogin(other), created);
        assert.equal(await store.createUser(user({ login: other })), "taken");
      }
      assert.equal(created.login, login);
    }
  }),

  storeCase("of twenty sign-ups for one login at once one gets it", async (store) => {
    const made = await twenty((index) => store.createUser(user({ login: index % 2 === 0 ? "ada" : "ADA" })));
    assert.equal(made.filter((outcome) => outcome !== "taken").length, 1);
    assert.equal((await store.listUsers({ limit: 10 })).length, 1);
  }),

  storeCase("lists users by id, page after page, at most 200 a page", async (store) => {
    const indices = Array.from({ length: 203 }, (_, index) => index);
    await Promise.all(indices.map((index) => store.createUser(user({ login: `user${index}` }))));
    const first = await store.listUsers({ limit: 500 });
    const second = await store.listUsers({ limit: 500, afterId: Number(found(first.at(-1)).id) });
    assert.deepEqual([first.length, second.length], [200, 3]);
    assert.equal(new Set([...first, ...second].map(({ login }) => login)).size, 203);
  }),

  storeCase("a password change sets the hash and ends every session of that user and of nobody else", async (store) => {
    const { ada, bob } = await twoSignedIn(store);
    assert.equal(await store.changePassword(ada, passwordChange()), "changed");
    assert.equal(found(await store.findUser(ada)).passwordHash, "$argon2id$new");
    assert.equal(found(await store.findUser(bob)).passwordHash, undefined);
    assert.equal(await store.findSession(bytes(1, 32), now), undefined);
    assert.equal(await store.findSession(bytes(2, 32), now), undefined);
    assert.equal(found(await store.findSession(bytes(3, 32), now)).user.id, bob);
  }),

  storeCase("a password change leaves alive the one session that it makes", async (store) => {
    const { ada } = await twoSignedIn(store);
    const newSession = { secretHash: bytes(9, 32), userId: ada, createdAt: now, expiresAt: now + 60 };
    await store.changePassword(ada, passwordChange({ newSession }));
    assertSame(found(await store.findSession(bytes(9, 32), now)).session, newSession);
    assert.equal(await store.findSession(bytes(1, 32), now), undefined);
  }),

  storeCase("a password change ends grants when asked, and only then", async (store) => {
    const { id: userId } = await create(store, user());
    const between = { store, userId, application: await store.createApplication(application()) };
    await approve(between, { remember });
    const before = await store.findConsent(userId, between.application.id);
    await store.changePassword(userId, passwordChange());
    assertSame(await store.findConsent(userId, between.application.id), before);
    assert.equal(found(await store.findUser(userId)).epoch, 0);
    await store.changePassword(userId, passwordChange({ endGrants: true }));
    const after = found(await store.findConsent(userId, between.application.id));
    assert.deepEqual([after.epoch, after.since, found(await store.findUser(userId)).epoch], [1, undefined, 1]);
  }),

  storeCase("nobody's password is not changed", async (store) => {
    assert.equal(await store.changePassword("1", passwordChange({ endGrants: true })), "unknown");
    const { id, epoch } = await create(store, user());
    assert.deepEqual([await store.changePassword(`${id}0`, passwordChange()), epoch], ["unknown", 0]);
  }),

  storeCase("a reset link leads to its user until it expires", async (store) => {
    const created = await create(store, user());
    await store.createResetLink({ secretHash: bytes(1, 32), userId: created.id, expiresAt: now + 60 });
    assertSame(await store.findResetLink(bytes(1, 32), now + 59), created);
    assert.equal(await store.findResetLink(bytes(1, 32), now + 60), undefined);
    assert.equal(await store.findResetLink(bytes(2, 32), now), undefined);
    assert.equal(await store.redeemResetLink(bytes(1, 32), passwordChange({ at: now + 60 })), "unknown");
    assert.equal(found(await store.findUser(created.id)).passwordHash, undefined);
  }),

  storeCase("a user has at most one reset link: the newest", async (store) => {
    const { id: userId } = await create(store, user());
    await store.createResetLink({ secretHash: bytes(1, 32), userId, expiresAt: now + 600 });
    await store.createResetLink({ secretHash: bytes(2, 32), userId, expiresAt: now + 600 });
    assert.equal(await store.redeemResetLink(bytes(1, 32), passwordChange()), "unknown");
    assert.equal(await store.redeemResetLink(bytes(2, 32), passwordChange()), "redeemed");
  }),

  storeCase("of twenty uses of a reset link at once one sets the password", async (store) => {
    const { ada, bob } = await twoSignedIn(store);
    await store.createResetLink({ secretHash: bytes(4, 32), userId: ada, expiresAt: now + 600 });
    const outcomes = await twenty((index) =>
      store.redeemResetLink(bytes(4, 32), passwordChange({ passwordHash: `hash${index}` })),
    );
    assertCounts(outcomes, { redeemed: 1, unknown: 19 });
    assert.equal(found(await store.findUser(ada)).passwordHash, `hash${outcomes.indexOf("redeemed")}`);
    assert.equal(await store.findSession(bytes(1, 32), now), undefined);
    assert.equal(found(await store.findSession(bytes(3, 32), now)).user.id, bob);
  }),

  storeCase("a password change ends a reset link that was under way", async (store) => {
    const { id: userId } = await create(store, user());
    await store.createResetLink({ secretHash: bytes(1, 32), userId, expiresAt: now + 600 });
    await store.changePassword(userId, passwordChange());
    assert.equal(await store.findResetLink(bytes(1, 32), now), undefined);
  }),

  storeCase(
    "a session is found by the hash of its secret until it expires, with its user as they are now",
    async (store) => {
      const created = await create(store, user());
      const session = { secretHash: bytes(1, 32), userId: created.id, createdAt: now, expiresAt: now + 60 };
      await store.createSession(session);
      assertSame(await store.findSession(bytes(1, 32), now + 59), { session, user: created });
      assert.equal(await store.findSession(bytes(1, 32), now + 60), undefined);
      assert.equal(await store.findSession(bytes(2, 32), now), undefined);
      await store.endUserGrants(created.id, { at: now, why: "operator" });
      assert.equal(found(await store.findSession(bytes(1, 32), now)).user.epoch, 1);
    },
  ),

  storeCase(
    "a session keeps the name of its browser, and lists are newest first, of living ones alone",
    async (store) => {
      const { id: userId } = await create(store, user());
      const { id: other } = await create(store, user({ login: "bob" }));
      const one = { secretHash: bytes(1, 32), userId, createdAt: now, expiresAt: now + 60, label: "Firefox on Linux" };
      const two = { secretHash: bytes(2, 32), userId, createdAt: now + 5, expiresAt: now + 90 };
      for (const session of [one, two, { ...two, secretHash: bytes(3, 32), userId: other }]) {
        await store.createSession(session);
      }
      assertSame(await store.listSessions(userId, now), [two, one]);
      assertSame(await store.listSessions(userId, now + 60), [two]);
      assertSame(found(await store.findSession(bytes(1, 32), now)).session, one);
    },
  ),

  storeCase("lists at most 50 sessions", async (store) => {
    const { id: userId } = await create(store, user());
    for (let seed = 1; seed <= 60; seed++)
      await store.createSession({ secretHash: bytes(seed, 32), userId, createdAt: now + seed, expiresAt: now + 900 });
    const listed = await store.listSessions(userId, now);
    assert.deepEqual([listed.length, listed[0]?.createdAt], [50, now + 60]);
  }),

  storeCase("ending a user's sessions ends all of them, or all but the one that is kept", async (store) => {
    const { ada, bob } = await twoSignedIn(store);
    await store.endSessions(ada, bytes(2, 32));
    assert.deepEqual(
      (await store.listSessions(ada, now)).map(({ secretHash }) => [...secretHash]),
      [[...bytes(2, 32)]],
    );
    await store.endSessions(ada);
    assertSame(await store.listSessions(ada, now), []);
    assert.equal((await store.listSessions(bob, now)).length, 1);
  }),

  ...(["disableUser", "deleteUser"] as const).map((step) =>
    storeCase(`${step} ends sessions, reset link and grants of that user and of nobody else`, async (store) => {
      const { ada, bob } = await twoSignedIn(store);
      const between = { store, userId: ada, application: await store.createApplication(application()) };
      await approve(between, { remember });
      await store.createResetLink({ secretHash: bytes(7, 32), userId: ada, expiresAt: now + 600 });
      assert.notEqual(await store[step](ada, now + 1), "unknown");
      assertSame(await store.listSessions(ada, now), []);
      assert.equal(await store.findResetLink(bytes(7, 32), now), undefined);
      const consent = found(await store.findConsent(ada, between.application.id));
      assert.deepEqual([consent.epoch, consent.since], [1, undefined]);
      assert.equal(await store.findUserEpoch(ada), 1);
      assert.equal(found(await store.findSession(bytes(3, 32), now)).user.id, bob);
      assert.deepEqual([(await store.listEndings(ada, now))[0]?.why], ["user"]);
      assert.equal(await store[step]("999", now), "unknown");
    }),
  ),

  storeCase("a disabled user is found as such, and may be enabled again", async (store) => {
    const { id } = await create(store, user());
    assert.equal(await store.disableUser(id, now), "disabled");
    assert.equal(found(await store.findUser(id)).disabled, true);
    assert.equal(await store.enableUser(id), "enabled");
    assert.equal(found(await store.findUser(id)).disabled, false);
    assert.equal(await store.enableUser("999"), "unknown");
  }),

  storeCase("a deleted user is gone; the login may be taken anew, and never the id", async (store) => {
    const { id } = await create(store, user());
    assert.equal(await store.deleteUser(id, now), "deleted");
    assert.deepEqual([await store.findUser(id), await store.findUserByLogin("ada")], [undefined, undefined]);
    assert.equal(await store.deleteUser(id, now), "unknown");
    const again = await create(store, user());
    assert.notEqual(again.id, id);
    assert.equal(again.epoch, 0);
  }),

  storeCase("counts all users, no further than asked", async (store) => {
    assert.equal(await store.countAllUsers(10), 0);
    for (const login of ["ada", "bob", "cy"]) await create(store, user({ login }));
    assert.deepEqual([await store.countAllUsers(10), await store.countAllUsers(2)], [3, 2]);
  }),

  storeCase("counts the users of an application, no further than asked", async (store) => {
    const of = await store.createApplication(application());
    for (const userId of ["host|1", "host|2", "host|3"])
      await approve({ store, userId, application: of }, { remember });
    assert.equal(await store.countUsers(of.id, 10), 3);
    assert.equal(await store.countUsers(of.id, 2), 2);
    await store.endConsent("host|2", of.id, { at: now, why: "disconnect" });
    assert.equal(await store.countUsers(of.id, 10), 2);
    assert.equal(await store.countUsers(of.id + 1, 10), 0);
  }),

  storeCase("ending a session ends that one, twice as well as once", async (store) => {
    const { ada } = await twoSignedIn(store);
    await store.endSession(bytes(1, 32));
    await store.endSession(bytes(1, 32));
    assert.equal(await store.findSession(bytes(1, 32), now), undefined);
    assert.equal(found(await store.findSession(bytes(2, 32), now)).user.id, ada);
  }),
];

async function create(store: Store, registered: ReturnType<typeof user>) {
  const created = await store.createUser(registered);
  assert.notEqual(created, "taken");
  return created as Exclude<typeof created, "taken">;
}

/** Ada in two browsers, Bob in one. */
async function twoSignedIn(store: Store): Promise<{ readonly ada: string; readonly bob: string }> {
  const { id: ada } = await create(store, user({ login: "ada" }));
  const { id: bob } = await create(store, user({ login: "bob" }));
  for (const [seed, userId] of [
    [1, ada],
    [2, ada],
    [3, bob],
  ] as const) {
    await store.createSession({ secretHash: bytes(seed, 32), userId, createdAt: now, expiresAt: now + 3600 });
  }
  return { ada, bob };
}
