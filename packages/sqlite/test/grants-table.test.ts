import type { NewGrant, Store } from "@codegrant/server";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Database, loadDriver } from "../src/driver.ts";
import { prepareStatement } from "../src/statement.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const now = 1_700_000_000;
const expiresAt = now + 90 * 86_400;

async function open(): Promise<{ readonly file: string; readonly store: Store; readonly raw: Database }> {
  const file = newFile();
  const store = await openStore({ file });
  const raw = new (await loadDriver())(file);
  onTestFinished(async () => {
    raw.close();
    await store.close();
  });
  await store.createApplication({
    clientId: "client1",
    name: "Printer",
    type: "public",
    redirectUris: [],
    secrets: [],
    settings: {},
    tokenEpoch: 1,
    createdAt: now,
  });
  return { file, store, raw };
}

function grant(change: Partial<NewGrant> = {}): NewGrant {
  return {
    scopes: ["user:read:email"],
    resources: [],
    keyId: 1,
    proof: new Uint8Array(12).fill(0xee),
    consentEpoch: 0,
    applicationEpoch: 0,
    generation: 0,
    predecessor: 0,
    rotatedAt: now,
    accessGeneration: 0,
    accessRevokedThrough: 0,
    code: { redirectUri: "https://printer.example/callback", codeChallenge: "c".repeat(43), failedTries: 0 },
    codeHash: new Uint8Array(12).fill(0xcc),
    challengePrefix: new Uint8Array(12).fill(0xaa),
    createdAt: now,
    expiresAt: now + 60,
    refreshExpiresAt: now + 60,
    ...change,
  };
}

function approve(store: Store, change: Partial<NewGrant> = {}) {
  const epochs = { userEpoch: 0, applicationEpoch: 0, consentEpoch: 0, consentAnswered: 0 };
  return store.approve({ userId: "ada", applicationId: 1, ...epochs, at: now, grant: () => grant(change) });
}

const exchange = {
  keyId: 1,
  proof: new Uint8Array(12).fill(0xdd),
  generation: 1,
  predecessor: 0,
  rotatedAt: now + 1,
  accessGeneration: 1,
  exchangedAt: now + 1,
  expiresAt,
  refreshExpiresAt: expiresAt,
};

describe("the table of grants", () => {
  it("gives every id that 48 bits can hold, and none beyond", async () => {
    const { store, raw } = await open();
    await approve(store);
    raw.exec(`UPDATE grants SET id = ${2 ** 48 - 2}`);
    expect(await approve(store)).toEqual({ outcome: "approved", grantId: 2 ** 48 - 1 });
    await expect(approve(store)).rejects.toThrow("Every grant id");
    expect((await store.findGrant(2 ** 48 - 1))?.grant.id).toBe(2 ** 48 - 1);
    expect(await store.redeemCode(2 ** 48 - 1, 0, exchange)).toBe("redeemed");
    expect(await store.endGrant(2 ** 48 - 1, { at: now, why: "revoke" })).toBe("ended");
    const walk = { afterId: 2 ** 48 - 2, limit: 10, now, removeEndedBefore: 0 };
    expect(await store.cleanGrants(walk)).toEqual({ nextAfterId: undefined, ended: [], removed: 0 });
  });

  it("has no index, so that a refresh touches one page", async () => {
    const { raw } = await open();
    const indexes = prepareStatement<{ n: number }>(raw, "SELECT count(*) AS n FROM pragma_index_list('grants')");
    expect(indexes.get()?.n).toBe(0);
  });

  it("holds an exchanged grant in a hundred bytes or so", async () => {
    const { store, raw } = await open();
    for (let index = 0; index < 50; index += 1) {
      const outcome = await approve(store);
      if (outcome.outcome === "approved") await store.redeemCode(outcome.grantId, 0, exchange);
    }
    const size = prepareStatement<{ bytes: number }>(
      raw,
      "SELECT sum(payload) / 50 AS bytes FROM dbstat WHERE name = 'grants'",
    );
    expect(size.get()?.bytes).toBeLessThanOrEqual(100);
  });

  it("keeps nothing of the code after the exchange but what knows a replay", async () => {
    const { store, raw } = await open();
    await approve(store);
    await store.redeemCode(1, 0, exchange);
    const row = prepareStatement<{ code: null; proofs: Uint8Array }>(raw, "SELECT code, proofs FROM grants").get();
    expect(row?.code).toBeNull();
    expect(Buffer.from(row?.proofs ?? []).toString("hex")).toBe("dd".repeat(12) + "cc".repeat(12) + "aa".repeat(12));
  });

  it.each([
    ["a scope that holds a space", { scopes: ["read write"] }],
    ["an empty scope", { scopes: [""] }],
    ["a resource that holds a space", { resources: ["https://a.example/ b"] }],
    ["a proof of 11 bytes", { proof: new Uint8Array(11) }],
    ["a code hash of 13 bytes", { codeHash: new Uint8Array(13) }],
    ["a start of a challenge of 5 bytes", { challengePrefix: new Uint8Array(5) }],
    ["no scope at all, which is fine", {}],
  ])("takes nothing that it could not give back: %s", async (_, change) => {
    const { store } = await open();
    const isFine = Object.keys(change).length === 0;
    const approving = approve(store, isFine ? { scopes: [] } : change);
    if (isFine) await expect(approving).resolves.toMatchObject({ outcome: "approved" });
    else await expect(approving).rejects.toBeInstanceOf(TypeError);
    expect((await store.findGrant(1)) !== undefined).toBe(isFine);
    expect((await store.findConsent("ada", 1)) !== undefined).toBe(isFine);
  });
});
