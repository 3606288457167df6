import { connect as connectAnywhere } from "../connect/connect-named.ts";
import type { Connection, ConnectOptions } from "../connect/connection.ts";
import type { Provider } from "../provider.ts";
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
  return connectAnywhere(provider, { machine: createMachine(), ...options });
}
