import { bare } from "./bare.mjs";
import { betterAuth } from "./better-auth.mjs";
import { codegrant } from "./codegrant.mjs";
import { floor } from "./floor.mjs";
import { nodeOAuth } from "./node-oauth.mjs";
import { oidcInMemory, oidcOnSqlite } from "./oidc-provider.mjs";

/** In the order of the tables. @type {Readonly<Record<string, import("../types.ts").OpenPeer>>} */
export const peers = {
  floor,
  codegrant,
  "node-oauth": nodeOAuth,
  "oidc-provider": oidcInMemory,
  "oidc-provider-sqlite": oidcOnSqlite,
  "better-auth": betterAuth,
  bare,
};
