import assert from "node:assert/strict";
import { assertRefused, assertSame, found, twenty } from "./assertions.ts";
import { application, bytes, now } from "./samples.ts";
import { storeCase } from "./store-case.ts";

export const applicationCases = [
  storeCase("gives an application back as it was registered, by client id and by id", async (store) => {
    const registered = application({
      name: "Ännchen’s 写真 👩🏽‍💻 مرحبا",
      redirectUris: ["https://a.example/cb?x=1&y=%20", "http://[::1]:7000/", "com.example.app:/cb"],
      secrets: [
        { hash: bytes(7, 32), createdAt: now },
        { hash: bytes(8, 32), createdAt: now - 10, expiresAt: now + 3600 },
      ],
      ownerId: "ada",
      settings: { pkce: "optional", onReuse: "refuse", trusted: false, resources: ["https://api.example/ü"] },
    });
    const created = await store.createApplication(registered);
    assertSame(created, { ...registered, id: created.id, epoch: 0, disabled: false });
    assertSame(await store.findApplication("client1"), created);
    assertSame(await store.findApplicationById(created.id), created);
  }),

  storeCase("keeps apart what a public application of the operator has not", async (store) => {
    const created = await store.createApplication(application({ type: "public", secrets: [] }));
    assert.deepEqual(created.secrets, []);
    assert.equal("ownerId" in found(await store.findApplication("client1")), false);
  }),

  storeCase("finds no application by another client id, by another case of it, or by another id", async (store) => {
    const { id } = await store.createApplication(application({ clientId: "AbC" }));
    for (const clientId of ["", "abc", "AbC ", "AbC\0"]) {
      assert.equal(await store.findApplication(clientId), undefined, JSON.stringify(clientId));
    }
    for (const other of [0, -1, id + 1, 2 ** 48]) assert.equal(await store.findApplicationById(other), undefined);
  }),

  storeCase("never gives a client id twice, not even after its application was deleted", async (store) => {
    const { id } = await store.createApplication(application());
    await assertRefused(store.createApplication(application({ name: "Copier" })));
    await store.deleteApplication(id, now);
    await assertRefused(store.createApplication(application({ name: "Copier" })));
    assert.deepEqual(await store.listApplications({ limit: 10 }), []);
  }),

  storeCase("a change to an application replaces what is given, settings whole, and leaves the rest", async (store) => {
    const before = await store.createApplication(application({ ownerId: "ada", settings: { pkce: "required" } }));
    const changes = { name: "Printer 2", settings: { trusted: true }, disabled: true, tokenEpoch: 7 };
    const after = await store.changeApplication(before.id, changes);
    assertSame(after, { ...before, ...changes });
    assertSame(await store.findApplication("client1"), after);

    const secrets = [{ hash: bytes(9, 32), createdAt: now + 1 }];
    const again = await store.changeApplication(before.id, { redirectUris: ["https://b.example/"], secrets });
    assertSame(again, { ...before, ...changes, redirectUris: ["https://b.example/"], secrets });
    assertSame(await store.findApplicationById(before.id), again);
  }),

  storeCase("a change decided on facts that no longer hold changes nothing and says so", async (store) => {
    const created = await store.createApplication(application({ settings: { pkce: "required" } }));
    const { id } = created;
    const loaded = found(await store.findApplicationById(id));
    const first = await store.changeApplication(id, { secrets: [{ hash: bytes(9, 32), createdAt: now }] }, loaded);
    assertSame(first, { ...created, secrets: [{ hash: bytes(9, 32), createdAt: now }] });
    for (const stale of [loaded, created])
      assert.equal(await store.changeApplication(id, { secrets: [] }, stale), "lost");
    assertSame(await store.findApplicationById(id), first);
    for (const change of [{ name: "Copier" }, { disabled: true }, { settings: {} }, { tokenEpoch: 8 }]) {
      const before = found(await store.findApplicationById(id));
      await store.changeApplication(id, change);
      assert.equal(await store.changeApplication(id, { redirectUris: [] }, before), "lost", JSON.stringify(change));
    }
  }),

  storeCase("of twenty changes decided on the same facts one is made", async (store) => {
    const loaded = await store.createApplication(application());
    const outcomes = await twenty((index) => store.changeApplication(loaded.id, { name: `Name ${index}` }, loaded));
    assert.equal(outcomes.filter((outcome) => outcome === "lost").length, 19);
  }),

  storeCase("a change to one application leaves the others", async (store) => {
    const one = await store.createApplication(application());
    const other = await store.createApplication(application({ clientId: "client2" }));
    await store.changeApplication(one.id, { name: "Changed" });
    assertSame(await store.findApplication("client2"), other);
  }),

  storeCase("a deleted application is not found, not listed and not changed", async (store) => {
    const { id } = await store.createApplication(application());
    assert.equal(await store.deleteApplication(id, now), "deleted");
    assert.equal(await store.findApplication("client1"), undefined);
    assert.equal(await store.findApplicationById(id), undefined);
    assert.deepEqual(await store.listApplications({ limit: 10 }), []);
    assert.equal(await store.changeApplication(id, { name: "Back" }), undefined);
    assert.equal(await store.deleteApplication(id, now), "unknown");
    assert.equal(await store.deleteApplication(id + 1, now), "unknown");
    assert.equal(await store.changeApplication(id + 1, { name: "Other" }), undefined);
  }),

  storeCase("of twenty deletions of an application at once one is the deletion", async (store) => {
    const { id } = await store.createApplication(application());
    const outcomes = await twenty(() => store.deleteApplication(id, now));
    assert.equal(outcomes.filter((outcome) => outcome === "deleted").length, 1);
  }),

  storeCase("the id of a deleted application is never given again", async (store) => {
    const { id } = await store.createApplication(application());
    await store.deleteApplication(id, now);
    const next = await store.createApplication(application({ clientId: "client2" }));
    assert.ok(next.id > id);
  }),

  storeCase("lists applications by id, page after page, at most 200 a page", async (store) => {
    const indices = Array.from({ length: 205 }, (_, index) => index);
    await Promise.all(indices.map((index) => store.createApplication(application({ clientId: `client${index}` }))));
    const first = await store.listApplications({ limit: 1000 });
    assert.equal(first.length, 200);
    const second = await store.listApplications({ limit: 1000, afterId: found(first.at(-1)).id });
    const ids = [...first, ...second].map(({ id }) => id);
    assert.deepEqual(
      ids,
      [...new Set(ids)].toSorted((one, other) => one - other),
    );
    assert.equal(ids.length, 205);
    assert.equal((await store.listApplications({ limit: 3 })).length, 3);
    assert.equal((await store.listApplications({ limit: 0 })).length, 1, "a page has room for one");
  }),

  storeCase("lists the applications of one owner", async (store) => {
    await store.createApplication(application({ clientId: "client1", ownerId: "ada" }));
    await store.createApplication(application({ clientId: "client2", ownerId: "bob" }));
    await store.createApplication(application({ clientId: "client3" }));
    const last = await store.createApplication(application({ clientId: "client4", ownerId: "ada" }));
    const own = await store.listApplications({ ownerId: "ada", limit: 10 });
    assert.deepEqual(
      own.map(({ clientId }) => clientId),
      ["client1", "client4"],
    );
    const rest = await store.listApplications({ ownerId: "ada", limit: 10, afterId: last.id - 1 });
    assertSame(rest, [last]);
  }),
];
