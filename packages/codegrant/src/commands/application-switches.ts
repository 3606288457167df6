import type { ApplicationSettings } from "@codegrant/server";
import { type Command, Option } from "commander";
import { collect, collectWords, duration } from "./options.ts";

/** One setting of an application: what the command line calls it and how it is read there. */
interface Switch {
  readonly setting: keyof ApplicationSettings;
  /** The flag without its dashes; also what `--unset` names. */
  readonly name: string;
  readonly option: () => Option;
}

const day = 86_400;

/** Everything an operator can set, in the order in which help and `app show` tell it. The rules are the server's. */
export const switches: readonly Switch[] = [
  {
    setting: "pkce",
    name: "pkce",
    option: () => new Option("--pkce <rule>", "whether it must use PKCE").choices(["required", "optional"]),
  },
  {
    setting: "refreshRotation",
    name: "refresh-rotation",
    option: () =>
      new Option("--refresh-rotation <state>", "off for a confidential one that keeps its first refresh token").choices(
        ["on", "off"],
      ),
  },
  {
    setting: "onReuse",
    name: "on-reuse",
    option: () =>
      new Option(
        "--on-reuse <answer>",
        "a refresh token used again ends the grant, or (confidential only) is refused",
      ).choices(["end", "refuse"]),
  },
  {
    setting: "allowedScopes",
    name: "scope",
    option: () =>
      new Option(
        "--scope <scopes>",
        "it may ask for these alone; may be repeated (every scope unless given)",
      ).argParser(collectWords),
  },
  {
    setting: "optionalScopes",
    name: "optional-scope",
    option: () =>
      new Option("--optional-scope <scopes>", "users may untick these; may be repeated").argParser(collectWords),
  },
  {
    setting: "accessTokenLifetimeSeconds",
    name: "access-token-lifetime",
    option: () =>
      new Option("--access-token-lifetime <time>", "such as 30m, 4h or 1d").argParser(duration(1, 366 * day)),
  },
  {
    setting: "refreshTokenLifetimeSeconds",
    name: "refresh-token-lifetime",
    option: () =>
      new Option("--refresh-token-lifetime <time>", "how long it may lie unused, such as 90d").argParser(
        duration(1, 1_000 * day),
      ),
  },
  {
    setting: "origins",
    name: "origin",
    option: () =>
      new Option(
        "--origin <origin>",
        "pages of this origin may call the token endpoint; may be repeated; public only",
      ).argParser(collect),
  },
  {
    setting: "category",
    name: "category",
    option: () => new Option("--category <name>", "what kind of application it is, in a word"),
  },
  {
    setting: "trusted",
    name: "trusted",
    option: () => new Option("--trusted", "users are not asked; never for public or loopback applications"),
  },
  {
    setting: "resourceServer",
    name: "resource-server",
    option: () => new Option("--resource-server", "it may ask about every application's tokens (introspection)"),
  },
  {
    setting: "resources",
    name: "resource",
    option: () =>
      new Option("--resource <uri>", "what a resource server stands for (RFC 8707); may be repeated").argParser(
        collect,
      ),
  },
];

export function addSwitches(command: Command): Command {
  for (const { option } of switches) command.addOption(option());
  return command;
}

/** The settings that a command line gave. */
export function settingsOf(options: object): ApplicationSettings {
  const given = new Map<string, unknown>(Object.entries(options));
  const settings = switches.flatMap(({ setting, option }) => {
    const value = given.get(option().attributeName());
    return value === undefined ? [] : [[setting, value] as const];
  });
  return Object.fromEntries(settings);
}
