import { createMemoryStore, type Store } from "@codegrant/server";

/** A store with one user and one living grant for each key id given. */
export async function storeWithGrants(...keyIds: readonly number[]): Promise<Store> {
  const store = createMemoryStore();
  await addGrants(store, keyIds);
  return store;
}

export const grantedAt = 1_800_000_000;

/** Writes grants as an exchange leaves them; user1, user2 and so on gave them to one application. */
export async function addGrants(store: Store, keyIds: readonly number[], now = grantedAt): Promise<void> {
  const application = await store.createApplication({
    clientId: "printer",
    name: "Printer",
    type: "confidential",
    redirectUris: ["https://a.example/cb"],
    secrets: [],
    settings: {},
    tokenEpoch: 0,
    createdAt: now,
  });
  for (const [index, keyId] of keyIds.entries()) {
    const login = `user${index + 1}`;
    const user = await store.createUser({ login, displayName: login, createdAt: now });
    if (user === "taken") throw new Error(`${login} is there already`);
    await approve(store, user.id, application.id, { keyId, now });
  }
}

async function approve(
  store: Store,
  userId: string,
  applicationId: number,
  { keyId, now }: { readonly keyId: number; readonly now: number },
): Promise<void> {
  const bytes = new Uint8Array(12);
  const outcome = await store.approve({
    userId,
    applicationId,
    userEpoch: 0,
    applicationEpoch: 0,
    consentEpoch: 0,
    consentAnswered: 0,
    remember: {
      scopes: ["user_read"],
      resources: [],
      redirectUris: ["https://a.example/cb"],
      answeredQueryHash: bytes,
    },
    at: now,
    grant: () => ({
      scopes: ["user_read"],
      resources: [],
      keyId,
      proof: bytes,
      consentEpoch: 0,
      applicationEpoch: 0,
      generation: 0,
      predecessor: 0,
      rotatedAt: now,
      accessGeneration: 0,
      accessRevokedThrough: 0,
      code: { redirectUri: "https://a.example/cb", failedTries: 0 },
      codeHash: bytes,
      challengePrefix: new Uint8Array(0),
      createdAt: now,
      expiresAt: now + 60,
      refreshExpiresAt: now + 60,
    }),
  });
  if (outcome.outcome !== "approved") throw new Error("The approval was not applied.");
  const expiresAt = now + 90 * 86_400;
  const lasting = { expiresAt, refreshExpiresAt: expiresAt, rotatedAt: now, exchangedAt: now };
  const first = { generation: 1, predecessor: 0, accessGeneration: 1 };
  await store.redeemCode(outcome.grantId, 0, { keyId, proof: bytes, ...first, ...lasting });
}
