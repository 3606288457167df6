import { connect as connectAnywhere } from "../connect/connect.ts";
import type { Connection, ConnectOptions } from "../connect/connection.ts";
import type { Provider } from "../provider.ts";
import { findProvider } from "../providers/index.ts";
import { createMachine } from "./machine.ts";

/**
 * Connects a script, a bot or a command at a terminal: `login` opens the browser and waits for the answer on this
 * machine. Takes a provider, or the name of one. Everything else is as in `connect` of `@codegrant/client`.
 *
 * @example
 * const connection = connect("twitch", {
 *   clientId,
 *   clientSecret,
 *   scopes: ["user:read:email"],
 *   store: createFileStore({ folder }),
 * });
 * const result = await connection.login();
 * if (result.status === "approved") await connection.fetch("/helix/users");
 */
export function connect(provider: Provider | string, options: ConnectOptions): Connection {
  const found = typeof provider === "string" ? findProvider(provider) : provider;
  if (found === undefined) {
    throw new TypeError(
      `No provider is called "${nameOf(provider)}". Use discoverProvider or defineProvider for others.`,
    );
  }
  return connectAnywhere(found, { machine: createMachine(), ...options });
}

function nameOf(provider: Provider | string): string {
  return typeof provider === "string" ? provider : provider.name;
}
