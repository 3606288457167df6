import { hash, randomBytes } from "node:crypto";
import { type ClientCredentials, type Provider, type RefreshHabits, refreshHabitsOf } from "@codegrant/client";
import type { Dialect } from "@codegrant/protocol";
import {
  type Application,
  type ApplicationSettings,
  createApplication,
  createKeyRing,
  createMemoryStore,
  createPlatform,
  createSettings,
  type HostUser,
  type Mount,
  mounts,
  type Platform,
  type ScopeCatalogue,
  type ScopeDescription,
} from "@codegrant/server";

/** An application as it is registered at the test provider. */
export interface TestApplication {
  readonly name?: string | undefined;
  readonly type?: Application["type"] | undefined;
  /** Byte for byte what the client will send. */
  readonly redirectUris?: readonly string[] | undefined;
  /** Both are drawn unless given. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly settings?: ApplicationSettings | undefined;
}

export interface PlatformOptions {
  readonly provider: Provider;
  readonly issuer: string;
  now(): number;
  /** Who is signed in in the scripted user's browser. */
  signedIn(): HostUser;
  findUser(id: string): HostUser | undefined;
  /** All there are; any scope is known unless given. */
  readonly scopes?: readonly string[] | undefined;
}

/** Our own server as that platform: its dialect at its paths, its habits, and users who are signed in already. */
export function createTestPlatform(options: PlatformOptions): Platform {
  const { provider, issuer, now, signedIn, findUser } = options;
  return createPlatform({
    store: createMemoryStore(),
    keys: createKeyRing([{ id: 1, secret: randomBytes(32) }]),
    now,
    accounts: {
      authenticate: async () => ({ ...signedIn(), authenticatedAt: now() }),
      findUser: async (id) => findUser(id),
    },
    settings: createSettings({
      name: provider.title,
      issuer,
      scopes: createOpenCatalogue(options.scopes),
      refreshWindows: windowsOf(provider.refresh ?? {}),
    }),
  });
}

/** So long an answer that was lost is given again. Where a provider says nothing of it, our own server's windows hold. */
function windowsOf({ graceSeconds }: RefreshHabits): Platform["settings"]["refreshWindows"] {
  const usual = { retrySeconds: 30, lateSeconds: 90 * 86_400, publicLateSeconds: 86_400 };
  if (graceSeconds === undefined || graceSeconds === Number.POSITIVE_INFINITY) return usual;
  return {
    retrySeconds: Math.min(usual.retrySeconds, graceSeconds),
    lateSeconds: Math.min(usual.lateSeconds, graceSeconds),
    publicLateSeconds: Math.min(usual.publicLateSeconds, graceSeconds),
  };
}

const maximumScopes = 500;

/** Every scope is known and may be left out by the user, unless there is a list. */
function createOpenCatalogue(list: readonly string[] | undefined): ScopeCatalogue {
  const describe = (name: string): ScopeDescription => ({
    name,
    description: `use ${name}`,
    sensitive: false,
    optional: true,
    group: "Scopes",
  });
  const known = new Map((list ?? []).map((name) => [name, describe(name)]));
  return {
    find(name) {
      if (list === undefined && known.size < maximumScopes && !known.has(name)) known.set(name, describe(name));
      return known.get(name);
    },
    get all() {
      return [...known.values()];
    },
  };
}

/** The dialect as the provider's own columns have it. */
export function dialectOf(provider: Provider): Dialect {
  const { dialect } = provider;
  return {
    ...dialect,
    // Requests come here in the standard's words (own-ways).
    clientIdName: "client_id",
    // So that the script can ask for the page; what clients send is taken out where the provider does not read it.
    authorize: { ...dialect.authorize, promptIsRead: true },
    pkce: { requiredForConfidential: provider.pkce === "required" },
    revocation: { ...dialect.revocation, authenticates: provider.revokeTakesSecret },
  };
}

/** The provider's endpoints, and what its family has for APIs to answer. */
export function mountsOf(provider: Provider, dialect: Dialect): readonly Mount[] {
  const own = Object.entries<string | undefined>({ ...provider.endpoints }).flatMap(([name, address]) => {
    const endpoint = ownEndpoints.get(name);
    return address === undefined || endpoint === undefined
      ? []
      : [{ path: new URL(address).pathname, dialect, endpoint }];
  });
  return [...own, ...resourcesOf(dialect).filter(({ path }) => !own.some((mount) => mount.path === path))];
}

/** What every set of addresses has under the same names. */
const ownEndpoints: ReadonlyMap<string, Mount["endpoint"]> = new Map(
  mounts.twitch
    .filter(({ path }) => /^\/oauth2\/\w+$/.test(path))
    .map(({ path, endpoint }) => [path.slice("/oauth2/".length), endpoint]),
);

/** `/helix/users` and the like. */
export function resourcesOf({ family }: Dialect): readonly Mount[] {
  return mounts.twitch.filter(
    ({ path, dialect }) => dialect.family === family && /^\/(?!auth\/|oauth2\/|kraken\/oauth2\/|\.)/.test(path),
  );
}

/** Registers an application; what becomes of its refresh tokens follows the provider's habits. */
export async function registerAt(
  platform: Platform,
  provider: Provider,
  chosen: TestApplication & { readonly redirectUris: readonly string[] },
): Promise<ClientCredentials> {
  const { name = "Application under test", type = chosenTypeOf(chosen), redirectUris } = chosen;
  const habits = refreshHabitsOf(provider, type === "public" ? { clientId: "" } : anyClient);
  const settings = { ...settingsOf(habits, type), ...chosen.settings };
  const { application, clientSecret } = await createApplication(
    { ...platform, store: withChosenCredentials(platform, chosen) },
    { name, type, redirectUris, settings },
  );
  const secret = type === "public" ? undefined : (chosen.clientSecret ?? clientSecret);
  return { clientId: application.clientId, ...(secret !== undefined && { clientSecret: secret }) };
}

const anyClient: ClientCredentials = { clientId: "", clientSecret: "any" };

/** Whoever names a client id and no secret has an application without one. */
function chosenTypeOf({ clientId, clientSecret }: TestApplication): Application["type"] {
  return clientId !== undefined && clientSecret === undefined ? "public" : "confidential";
}

/** Ours are drawn; what a test has in its configuration already takes their place. */
function withChosenCredentials({ store }: Platform, { clientId, clientSecret }: TestApplication): Platform["store"] {
  return {
    ...store,
    createApplication: (drawn) =>
      store.createApplication({
        ...drawn,
        ...(clientId !== undefined && { clientId }),
        ...(clientSecret !== undefined && {
          secrets: [{ hash: hash("sha256", clientSecret, "buffer"), createdAt: drawn.createdAt }],
        }),
      }),
  };
}

/** A provider that answers a spent refresh token has one that is never spent. Public applications always rotate. */
function settingsOf({ rotates, onReuse }: RefreshHabits, type: Application["type"]): ApplicationSettings {
  if (type === "public") return {};
  if (rotates === "never" || onReuse === "answers") return { refreshRotation: "off" };
  return onReuse === "refuses" ? { onReuse: "refuse" } : {};
}
