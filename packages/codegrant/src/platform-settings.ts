import {
  basicScopes,
  createLimits,
  createLook,
  createScopeCatalogue,
  krakenScopes,
  type Limits,
  type PlatformSettings,
  type ScopeCatalogue,
  type ScopeDescription,
  twitchScopes,
} from "@codegrant/server";
import { CommandError } from "./command-error.ts";
import type { Configuration } from "./config-file.ts";

/** What `--dialect` may name, with the scopes each knows by itself. */
const dialectScopes = {
  twitch: [...twitchScopes, ...krakenScopes],
  rfc6749: basicScopes,
} satisfies Record<string, readonly ScopeDescription[]>;

export type DialectName = keyof typeof dialectScopes;
export const dialectNames = Object.keys(dialectScopes) as readonly DialectName[];

export function scopeCatalogueOf(dialect: DialectName, { scopes }: Pick<Configuration, "scopes">): ScopeCatalogue {
  try {
    return createScopeCatalogue(scopes ?? dialectScopes[dialect]);
  } catch (error) {
    throw new CommandError(`The configuration's scopes are not right: ${error instanceof Error ? error.message : "?"}`);
  }
}

const day = 24 * 60 * 60;

export interface SettingsInput {
  readonly issuer: string;
  readonly dialect?: DialectName | undefined;
  readonly configuration?: Configuration;
  readonly signInHint?: PlatformSettings["signInHint"];
}

/** A configuration with its gaps filled. */
export function platformSettings(input: SettingsInput): PlatformSettings {
  const { issuer, dialect = "twitch", configuration = {}, signInHint } = input;
  const { name, passwordHelp, footer, lifetimes, refreshWindows, signUp } = configuration;
  const look = lookOf(configuration);
  return {
    name: name ?? "Codegrant",
    issuer,
    scopes: scopeCatalogueOf(dialect, configuration),
    passwordHelp: passwordHelp ?? "Ask the person who runs this server for a link to set a new one.",
    sessionLifetimeSeconds: lifetimes?.session ?? 30 * day,
    codeLifetimeSeconds: lifetimes?.code ?? 60,
    refreshWindows: {
      retrySeconds: refreshWindows?.retry ?? 30,
      lateSeconds: refreshWindows?.late ?? 90 * day,
      publicLateSeconds: refreshWindows?.publicLate ?? day,
    },
    ...(footer === undefined ? {} : { footer }),
    ...(look === undefined ? {} : { look }),
    ...(signUp === undefined ? {} : { signUp }),
    ...(signInHint === undefined ? {} : { signInHint }),
  };
}

function lookOf({ colours, logoData }: Configuration): PlatformSettings["look"] {
  if (colours === undefined && logoData === undefined) return undefined;
  const look = { ...colours, ...(logoData !== undefined && { logo: logoData }) };
  try {
    createLook(look);
  } catch (error) {
    throw new CommandError(`The configuration's look is not right: ${error instanceof Error ? error.message : "?"}.`);
  }
  return look;
}

/** The counters of refusals, as the configuration has them. */
export function limitsOf({ limits }: Configuration): Limits {
  return createLimits({
    account: limits?.wrongPasswords,
    knownBrowser: limits?.wrongPasswords,
    application: limits?.wrongSecrets,
    grants: limits?.wrongTokens,
    address: limits?.perAddress,
    deviceRequests: limits?.deviceRequests,
    signUps: limits?.signUpsPerAddress,
  });
}
