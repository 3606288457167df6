import type { Provider } from "../provider.ts";
import { findProvider } from "../providers/index.ts";
import { connect as connectProvider } from "./connect.ts";
import type { Connection, ConnectOptions } from "./connection.ts";

/**
 * Connects an application to a provider, or to the one of this name: get a token, keep it fresh, use it. Nothing is
 * sent before it is needed. Throws `TypeError` for options that cannot work. At a terminal take `connect` of
 * `@codegrant/client/node`, which brings a browser. It brings all presets along; `@codegrant/client/connect` takes a
 * provider alone, and `@codegrant/client/core` has the flow and the keeper without login.
 *
 * @example
 * import { connect } from "@codegrant/client";
 *
 * const connection = connect("twitch", { clientId, clientSecret, scopes: ["user:read:email"], store, redirectUri });
 * const showProvider = () => connection.start(request); // GET /connect
 * const result = await connection.finish(request); // GET /callback
 * if (result.status === "approved") await result.connection.fetch("/helix/users");
 */
export function connect(provider: Provider | string, options: ConnectOptions): Connection {
  if (typeof provider !== "string") return connectProvider(provider, options);
  const found = findProvider(provider);
  if (found !== undefined) return connectProvider(found, options);
  throw new TypeError(`No provider is called "${provider}". Use discoverProvider or defineProvider for others.`);
}
