// What an authorization server must refuse. One that does not does less work, so its figure is a bound and no aim.
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection, Jar } from "./load/connection.mjs";

const pairOf = (/** @type {string} */ letter) => {
  const verifier = letter.repeat(43);
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
};
const right = pairOf("a");
const wrong = pairOf("b");

/**
 * True is refused, as it must be. Every check has a user of its own, since a server may answer a replay by ending all.
 * @param {import("./types.ts").Peer} peer
 * @param {number} port
 * @param {number} firstUser
 * @returns {Promise<Record<string, boolean>>}
 */
export async function whatItRefuses(peer, port, firstUser) {
  const connection = new Connection(port);
  let user = firstUser;
  let count = 0;
  const isRefused = async (/** @type {import("./load/connection.mjs").Request} */ request) =>
    (await connection.request(request)).status >= 400;
  const approve = async () => {
    const session = await peer.signIn({ connection, jar: new Jar(), user: user++ });
    const state = `check-${count++}-0123456789`;
    const request = peer.authorize({ session, state, challenge: right.challenge });
    return { request, code: peer.code(await connection.request(request), state), verifier: right.verifier };
  };
  const redeem = async () => {
    const approved = await approve();
    return { ...approved, ...peer.tokens(await connection.request(peer.redeem(approved))) };
  };
  try {
    /** @type {Record<string, boolean>} */
    const refused = {};
    const used = await redeem();
    refused["a code the second time"] = await isRefused(peer.redeem(used));
    if (peer.replayForgivenSeconds !== undefined) {
      await sleep((peer.replayForgivenSeconds + 1) * 1_000);
      refused["a code the second time"] &&= await isRefused(peer.redeem(used));
    }
    if (peer.kinds.includes("introspect")) {
      const { access_token: token } = used;
      refused["tokens of a replayed code"] = !peer.isActive(await connection.request(peer.introspect(token)));
    }
    refused["a wrong verifier"] = await isRefused(peer.redeem({ ...(await approve()), verifier: wrong.verifier }));
    refused["a wrong secret"] = await isRefused(withWrongSecret(peer.redeem(await approve())));
    refused["an unknown code"] = await isRefused(peer.redeem({ code: "no-code-of-anyone", verifier: right.verifier }));
    refused["a foreign redirect URI"] = await refusesForeignAddress(peer, connection, (await approve()).request);
    refused["an old refresh token"] = await refusesOldToken(peer, connection, await redeem());
    return refused;
  } finally {
    connection.close();
  }
}

/** @param {import("./load/connection.mjs").Request} request */
function withWrongSecret({ body = "", headers = {}, ...request }) {
  const id = Buffer.from((headers["authorization"] ?? "").slice(6), "base64")
    .toString()
    .split(":")[0];
  const basic = `Basic ${Buffer.from(`${id}:wrong`).toString("base64")}`;
  return {
    ...request,
    body: body.replace(/client_secret=[^&]*/, "client_secret=wrong"),
    headers: { ...headers, ...(headers["authorization"] && { authorization: basic }) },
  };
}

/**
 * @param {import("./types.ts").Peer} peer
 * @param {Connection} connection
 * @param {import("./load/connection.mjs").Request} request
 */
async function refusesForeignAddress(peer, connection, request) {
  const path = request.path.replace(encodeURIComponent(peer.redirectUri), encodeURIComponent("https://evil.example/"));
  const { headers } = await connection.request({ ...request, path });
  return !headers["location"]?.startsWith("https://evil.example");
}

/**
 * Two steps old: the last one may be answered again, for a lost answer.
 * @param {import("./types.ts").Peer} peer
 * @param {Connection} connection
 * @param {{ refresh_token?: string }} tokens
 */
async function refusesOldToken(peer, connection, { refresh_token: old = "" }) {
  const { refresh_token: next = "" } = peer.tokens(await connection.request(peer.refresh(old)));
  await connection.request(peer.refresh(next));
  return next !== old && (await connection.request(peer.refresh(old))).status >= 400;
}
