import { bare } from "./bare.mjs";
import { codegrant } from "./codegrant.mjs";
import { floor } from "./floor.mjs";

/** In the order of the tables. @type {Readonly<Record<string, import("../types.ts").OpenPeer>>} */
export const peers = { floor, codegrant, bare };
