// Writes until it is killed and prints each answer, so that whoever killed it knows what was promised.
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "@codegrant/sqlite/server";

const [file = "", round = "", pause = "0"] = process.argv.slice(2);
const store = await openStore({ file });
const now = 1_700_000_000;
const application =
  (await store.findApplication("client1")) ??
  (await store.createApplication({
    clientId: "client1",
    name: "Printer",
    type: "confidential",
    redirectUris: [],
    secrets: [],
    settings: {},
    tokenEpoch: 1,
    createdAt: now,
  }));

const waiting = {
  scopes: ["read"],
  resources: [],
  keyId: 1,
  proof: new Uint8Array(12),
  consentEpoch: 0,
  applicationEpoch: 0,
  generation: 0,
  predecessor: 0,
  rotatedAt: now,
  accessGeneration: 0,
  accessRevokedThrough: 0,
  code: { redirectUri: "https://printer.example/callback", failedTries: 0 },
  codeHash: new Uint8Array(12),
  challengePrefix: new Uint8Array(0),
  createdAt: now,
  expiresAt: now + 60,
  refreshExpiresAt: now + 60,
};

/** @param {number} worker */
async function work(worker) {
  const userId = `user${round}-${worker}`;
  const epochs = { userEpoch: 0, applicationEpoch: 0, consentEpoch: 0 };
  const remember = { scopes: ["read"], resources: [], redirectUris: [], answeredQueryHash: new Uint8Array(32) };
  for (let answered = 0; ; answered += 1) {
    const approval = { userId, applicationId: application.id, ...epochs, consentAnswered: answered, at: now };
    if (pause !== "0") await sleep(Number(pause));
    const outcome = await store.approve({ ...approval, remember, grant: () => waiting });
    if (outcome.outcome !== "approved") throw new Error("Another writer works for the same user.");
    const { grantId } = outcome;
    process.stdout.write(`approved ${grantId} ${userId} ${answered + 1}\n`);
    const row = {
      keyId: 1,
      proof: new Uint8Array(12),
      rotatedAt: now,
      expiresAt: now + 900,
      refreshExpiresAt: now + 900,
    };
    await store.redeemCode(grantId, 0, {
      ...row,
      generation: 1,
      predecessor: 0,
      accessGeneration: 1,
      exchangedAt: now,
    });
    process.stdout.write(`redeemed ${grantId}\n`);
    await store.rotate(grantId, 1, { ...row, generation: 2, predecessor: 1, accessGeneration: 2 });
    process.stdout.write(`rotated ${grantId}\n`);
    await store.endGrant(grantId, { at: now, why: "revoke" });
    process.stdout.write(`ended ${grantId}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, worker) => work(worker)));
