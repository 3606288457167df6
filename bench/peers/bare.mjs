// The least a form POST can cost on Node: what the refusal of a garbage token is compared with.
import { createRequests } from "./requests.mjs";
import { sibling } from "./sibling.mjs";

const paths = { authorize: "/", token: "/", introspect: "/" };

/** @type {import("../types.ts").OpenPeer} */
export async function bare({ port }) {
  return {
    name: "bare",
    label: "bare POST (`node:http`)",
    storage: "none",
    version: process.version,
    kinds: ["garbage"],
    start: { script: sibling("bare-server.mjs"), env: { PORT: String(port) } },
    probe: "/",
    ...createRequests({ paths, clientId: "client-1", clientSecret: "secret-of-client-1", scope: "api:read" }),
    signIn: async () => ({}),
  };
}
