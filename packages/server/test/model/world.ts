import { createHash } from "node:crypto";
import { createKeyRing, createServer, type KeyRing, mounts, type Store } from "@codegrant/server";
import { createMemory, type Memory } from "../../src/memory/memory.ts";
import { storeOver } from "../../src/memory-store.ts";
import { approve, authorizeUrl, codeOf, codeVerifier, exchange, pkce, refresh, signedIn, validate } from "../flow.ts";
import { demoUser, type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { type Answer, send, type Visitor } from "../visitor.ts";

/** What an exchange or refresh gave. */
export interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A real server whose database can be set back, whose keys can be rotated and whose clock can be moved. */
export interface World {
  readonly platform: TestPlatform;
  readonly app: Registered;
  approve(usesPkce: boolean): Promise<string>;
  exchange(code: string, usesPkce: boolean): Promise<Pair | undefined>;
  refresh(refreshToken: string): Promise<Pair | undefined>;
  revoke(token: string): Promise<void>;
  isAlive(accessToken: string): Promise<boolean>;
  disconnect(): Promise<void>;
  rotateKeys(): void;
  backup(): void;
  restore(): void;
}

export async function createWorld(type: "confidential" | "public" = "confidential"): Promise<World> {
  const data = { memory: createMemory(), saved: createMemory() };
  const keys = createRotatableKeys();
  const base = testPlatform({ store: restorable(data) });
  const platform: TestPlatform = { ...base, keys: keys.ring };
  const server = createServer(platform, mounts.twitch);
  const there = { ...platform, server };
  const app = await registered(there, { type });
  await demoUser(there);
  let person: Visitor = await signedIn(there);
  return {
    platform: there,
    app,
    async approve(usesPkce) {
      const url = authorizeUrl(app, { ...(usesPkce ? pkce : {}), force_verify: "true" });
      person = await signedIn(there); // sessions end with time and with restored backups
      return codeOf(await approve(person, url));
    },
    exchange: async (code, usesPkce) =>
      pairOf(await exchange(there, app, code, usesPkce ? { code_verifier: codeVerifier } : {})),
    refresh: async (refreshToken) => pairOf(await refresh(there, app, refreshToken)),
    async revoke(token) {
      await send(server, "/oauth2/revoke", { method: "POST", body: { client_id: app.clientId, token } });
    },
    isAlive: async (accessToken) => (await validate(there, accessToken)).status === 200,
    async disconnect() {
      person = await signedIn(there);
      const page = await person.get("/settings/connections");
      const fields = { action: "disconnect", application: String(app.application.id) };
      await person.submit("/settings/connections", page, fields);
    },
    rotateKeys: keys.rotate,
    backup() {
      data.saved = structuredClone(data.memory);
    },
    restore() {
      data.memory = structuredClone(data.saved);
    },
  };
}

function pairOf(answer: Answer): Pair | undefined {
  if (answer.status !== 200) return undefined;
  const body = answer.json();
  return { accessToken: String(body["access_token"]), refreshToken: String(body["refresh_token"]) };
}

/** Every call goes to the memory of the moment. */
function restorable(data: { readonly memory: Memory }): Store {
  return new Proxy(storeOver(data.memory), {
    get: (_, step: keyof Store) => storeOver(data.memory)[step],
  });
}

function createRotatableKeys(): { ring: KeyRing; rotate(): void } {
  const masterOf = (id: number) => ({ id, secret: createHash("sha256").update(`master ${id}`).digest() });
  let ids = [1];
  let inner = createKeyRing(ids.map(masterOf));
  return {
    ring: {
      get current() {
        return inner.current;
      },
      find: (id) => inner.find(id),
      all: () => inner.all(),
    },
    rotate() {
      ids = [...ids, ids.length + 1].slice(0, 255);
      inner = createKeyRing(ids.map(masterOf));
    },
  };
}
