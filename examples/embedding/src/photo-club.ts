import { randomBytes } from "node:crypto";
import {
  createApplication,
  createKeyRing,
  createMemoryStore,
  createPlatform,
  createScopeCatalogue,
  createSettings,
  createUser,
  type Platform,
} from "@codegrant/server";

/** The platform that every example here embeds: a photo club whose members let applications see their photos. */
export interface PhotoClub {
  readonly platform: Platform;
  /** The API's name in `resource`, and its address. */
  readonly photosUrl: string;
}

/**
 * `issuer` is the address people see, with the path under which the server stands. This one forgets everything when it
 * stops: a real one opens `@codegrant/sqlite`'s store and keeps its key outside the database.
 */
export function openPhotoClub(issuer: string): PhotoClub {
  const platform = createPlatform({
    store: createMemoryStore(),
    keys: createKeyRing([{ id: 1, secret: randomBytes(32) }]),
    settings: createSettings({
      name: "Photo club",
      issuer,
      scopes: createScopeCatalogue([
        { name: "photos:read", description: "see your photos", sensitive: false, group: "Photos" },
        { name: "photos:write", description: "add and remove photos", sensitive: true, group: "Photos" },
      ]),
    }),
  });
  return { platform, photosUrl: `${new URL(issuer).origin}/api/photos` };
}

/** Somebody to sign in as, and an application that may ask them. */
export async function addDemo(platform: Platform) {
  const demo = { login: "demo", password: randomBytes(9).toString("base64url") };
  await createUser(platform, demo);
  const { application, clientSecret = "" } = await createApplication(platform, {
    name: "Photo printer",
    redirectUris: ["http://localhost/"],
    type: "confidential",
  });
  return { ...demo, clientId: application.clientId, clientSecret };
}
