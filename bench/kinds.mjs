// What is measured. Each kind prepares once per connection and then does one operation after the other.
import { createHash, randomBytes } from "node:crypto";

/**
 * @typedef {object} Stage
 * @property {import("./types.ts").Peer} peer
 * @property {readonly Readonly<Record<string, string>>[]} sessions of the users who signed in
 * @property {Iterator<string> | undefined} farRefreshTokens
 */
/**
 * @typedef {object} Kind
 * @property {string} label
 * @property {number} warmSeconds a shorter warm-up flatters lean servers
 * @property {number} measuredSeconds
 * @property {boolean} [needsGrants] measured on a store full of old grants
 * @property {(stage: Stage, connection: import("./load/connection.mjs").Connection) => Promise<() => Promise<void>>} prepare
 */

/** @type {Readonly<Record<import("./types.ts").KindName, Kind>>} */
export const kinds = {
  code: {
    label: "code flow (authorize + token)",
    warmSeconds: 5,
    measuredSeconds: 4,
    prepare: async (stage, connection) => async () => void (await codeFlow(stage, connection)),
  },
  refreshNear: {
    label: "refresh, near",
    warmSeconds: 2,
    measuredSeconds: 3,
    async prepare(stage, connection) {
      const { peer } = stage;
      let { refresh_token: token = "" } = await codeFlow(stage, connection);
      return async () => {
        const tokens = peer.tokens(await connection.request(peer.refresh(token)));
        token = tokens.refresh_token ?? token;
      };
    },
  },
  refreshFar: {
    label: "refresh, far",
    warmSeconds: 5,
    measuredSeconds: 4,
    needsGrants: true,
    prepare:
      async ({ peer, farRefreshTokens }, connection) =>
      async () => {
        const { value } = farRefreshTokens?.next() ?? {};
        if (!value) throw new Error("refresh: every old grant was used");
        peer.tokens(await connection.request(peer.refresh(value)));
      },
  },
  introspect: {
    label: "introspection",
    warmSeconds: 2,
    measuredSeconds: 3,
    async prepare(stage, connection) {
      const { peer } = stage;
      const { access_token: token } = await codeFlow(stage, connection);
      return async () => {
        if (!peer.isActive(await connection.request(peer.introspect(token)))) throw new Error("introspect: not active");
      };
    },
  },
  clientCredentials: {
    label: "client credentials",
    warmSeconds: 2,
    measuredSeconds: 3,
    prepare:
      async ({ peer }, connection) =>
      async () =>
        void peer.tokens(await connection.request(peer.clientCredentials())),
  },
  garbage: {
    label: "garbage token refused",
    warmSeconds: 2,
    measuredSeconds: 2,
    prepare:
      async ({ peer }, connection) =>
      async () => {
        const { status, body } = await connection.request(peer.introspect(nextGarbage()));
        // 429: who asks about garbage alone is told to slow down.
        const isRefused = status === 429 || (status === 200 && JSON.parse(body).active === false);
        if (!isRefused) throw new Error(`garbage: ${status} ${body}`);
      },
  },
};

/** Made beforehand: what they cost belongs to neither side. */
const pairs = Array.from({ length: 1_024 }, () => {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
});

let count = 0;

/** One whole flow of a user who is signed in and has consented. */
export async function codeFlow(
  /** @type {Pick<Stage, "peer" | "sessions">} */ { peer, sessions },
  /** @type {import("./load/connection.mjs").Connection} */ connection,
) {
  count += 1;
  const { verifier, challenge } = pairs[count % pairs.length] ?? { verifier: "", challenge: "" };
  const session = sessions[count % sessions.length] ?? {};
  const state = `state-${String(count).padStart(16, "0")}`; // 22 characters, as 128 random bits have
  const code = peer.code(await connection.request(peer.authorize({ session, state, challenge })), state);
  return peer.tokens(await connection.request(peer.redeem({ code, verifier })));
}

const garbage = Array.from({ length: 256 }, () => `cga_${randomBytes(48).toString("base64url")}`);
let garbageCount = 0;
const nextGarbage = () => garbage[(garbageCount += 1) % garbage.length] ?? "";
