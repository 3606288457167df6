import { createHash } from "node:crypto";
import {
  type ApplicationSettings,
  createKeyRing,
  createServer,
  type KeyRing,
  mounts,
  type Store,
} from "@codegrant/server";
import { createMemory, type Memory } from "../../src/memory/memory.ts";
import { storeOver } from "../../src/memory-store.ts";
import { approve, authorizeUrl, codeOf, codeVerifier, exchange, pkce, refresh, signedIn, validate } from "../flow.ts";
import { demoUser, type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { type Answer, send } from "../visitor.ts";
import type { ModelRules } from "./model-grant.ts";

/** What an exchange or refresh gave. */
export interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What differs between worlds. */
export interface WorldKind {
  readonly type: "confidential" | "public";
  readonly refusesReuse?: boolean;
  /** Begins with rotation off. */
  readonly keepsRefreshTokens?: boolean;
}

/** A real server whose database can be set back, whose keys can be rotated and whose clock can be moved. */
export interface World {
  readonly platform: TestPlatform;
  readonly app: Registered;
  /** What its application is promised. */
  readonly rules: ModelRules;
  approve(usesPkce: boolean): Promise<string>;
  exchange(code: string, usesPkce: boolean): Promise<Pair | undefined>;
  refresh(refreshToken: string): Promise<Pair | undefined>;
  revoke(token: string): Promise<void>;
  isAlive(accessToken: string): Promise<boolean>;
  /** Whether introspection calls this refresh token active. */
  isCurrent(refreshToken: string): Promise<boolean>;
  disconnect(): Promise<void>;
  rotateKeys(): void;
  switchRotation(): Promise<ModelRules>;
  backup(): void;
  restore(): void;
}

const daySeconds = 86_400;
export const accessSeconds = 4 * 3_600;

export async function createWorld(kind: WorldKind): Promise<World> {
  const { type, refusesReuse = false, keepsRefreshTokens = false } = kind;
  const data = { memory: createMemory(), saved: createMemory() };
  const keys = createRotatableKeys();
  const base = testPlatform({ store: restorable(data) });
  const platform: TestPlatform = { ...base, keys: keys.ring };
  const server = createServer(platform, mounts.twitch);
  const there = { ...platform, server };
  const settings: ApplicationSettings = {
    ...(refusesReuse && { onReuse: "refuse" }),
    ...(keepsRefreshTokens && { refreshRotation: "off" }),
  };
  const app = await registered(there, { type, settings });
  const api = await registered(there, { name: "Picture archive", settings: { resourceServer: true } });
  await demoUser(there);
  let person = await signedIn(there);
  data.saved = structuredClone(data.memory);
  const isPublic = type === "public";
  let rules: ModelRules = {
    rotates: !keepsRefreshTokens,
    refusesReuse,
    lateSeconds: isPublic ? daySeconds : 90 * daySeconds,
    unusedSeconds: (isPublic ? 30 : 90) * daySeconds,
  };
  const savedRules = { rules };
  return {
    platform: there,
    app,
    rules,
    async approve(usesPkce) {
      const url = authorizeUrl(app, usesPkce ? pkce : {});
      const answer = await approve(person, url);
      if (answer.location?.searchParams.has("code") === true) return codeOf(answer);
      // Sessions end with time and with restored backups.
      person = await signedIn(there);
      return codeOf(await approve(person, url));
    },
    exchange: async (code, usesPkce) =>
      pairOf(await exchange(there, app, code, usesPkce ? { code_verifier: codeVerifier } : {})),
    refresh: async (refreshToken) => pairOf(await refresh(there, app, refreshToken)),
    async revoke(token) {
      await send(server, "/oauth2/revoke", { method: "POST", body: { client_id: app.clientId, token } });
    },
    isAlive: async (accessToken) => (await validate(there, accessToken)).status === 200,
    async isCurrent(token) {
      const body = { client_id: api.clientId, client_secret: api.clientSecret, token };
      const answer = await send(server, "/oauth2/introspect", { method: "POST", body });
      return answer.status === 200 && answer.json()["active"] === true;
    },
    async disconnect() {
      person = await signedIn(there);
      const page = await person.get("/settings/connections");
      const fields = { action: "disconnect", application: String(app.application.id) };
      await person.submit("/settings/connections", page, fields);
    },
    rotateKeys: keys.rotate,
    async switchRotation() {
      if (isPublic) return rules;
      rules = { ...rules, rotates: !rules.rotates };
      const refreshRotation = rules.rotates ? "on" : "off";
      await there.store.changeApplication(app.application.id, { settings: { ...settings, refreshRotation } });
      return rules;
    },
    backup() {
      data.saved = structuredClone(data.memory);
      savedRules.rules = rules;
    },
    restore() {
      data.memory = structuredClone(data.saved);
      rules = savedRules.rules;
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
  let { memory } = data;
  let store = storeOver(memory);
  return new Proxy(store, {
    get(_, step: keyof Store) {
      if (memory !== data.memory) {
        ({ memory } = data);
        store = storeOver(memory);
      }
      return store[step];
    },
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
