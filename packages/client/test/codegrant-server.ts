import { randomBytes } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import {
  createApplication,
  createKeyRing,
  createMemoryStore,
  createNodeHandler,
  createPlatform,
  createScopeCatalogue,
  createServer,
  createUser,
  krakenScopes,
  type MountsName,
  mounts,
  type Platform,
  twitchScopes,
} from "@codegrant/server";
import { listen } from "./loopback.ts";

export interface RunningCodegrant {
  readonly url: string;
  readonly platform: Platform;
  register(redirectUri: string, type?: "confidential" | "public"): Promise<{ clientId: string; clientSecret?: string }>;
  close(): Promise<void>;
}

export const demoUser = { login: "demo", password: "correct horse battery" };

/** Our own server on this machine, in memory, with one user. */
export async function startCodegrant(mountsName: MountsName = "twitch"): Promise<RunningCodegrant> {
  const http = createHttpServer();
  const { port, close } = await listen(http);
  const url = `http://localhost:${port}`;
  const platform = platformAt(url);
  http.on("request", createNodeHandler(createServer(platform, mounts[mountsName])));
  await createUser(platform, demoUser);
  return {
    url,
    platform,
    close,
    async register(redirectUri, type = "confidential") {
      const { application, clientSecret } = await createApplication(platform, {
        name: "Sample",
        redirectUris: [redirectUri],
        type,
      });
      return { clientId: application.clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
    },
  };
}

function platformAt(issuer: string): Platform {
  return createPlatform({
    store: createMemoryStore(),
    keys: createKeyRing([{ id: 1, secret: randomBytes(32) }]),
    settings: {
      name: "Kestrel",
      issuer,
      scopes: createScopeCatalogue([...krakenScopes, ...twitchScopes]),
      passwordHelp: "Ask at the front desk.",
      sessionLifetimeSeconds: 86_400,
      codeLifetimeSeconds: 60,
      refreshWindows: { retrySeconds: 30, lateSeconds: 7_776_000, publicLateSeconds: 86_400 },
    },
  });
}
