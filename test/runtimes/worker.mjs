// Runs in workerd, with nothing of Node: the client's whole life against a provider in the same worker. Answers what
// held and what did not, as JSON.
import { connect, createMemoryStore, defineProvider } from "@codegrant/client";
import { clientStoreContract } from "@codegrant/client/contract";
import { errorCodes, formatErrorResponse, OAuthError, parseErrorResponse, rfc6749 } from "@codegrant/protocol";

const redirectUri = "https://app.example.com/callback";
const provider = defineProvider({
  name: "example",
  title: "Example",
  endpoints: { authorize: "https://id.example.com/authorize", token: "https://id.example.com/token" },
  api: { baseUrl: "https://api.example.com" },
});

/** A provider whose refresh tokens are good once. */
function createScene() {
  let generation = 0;
  let now = 1_800_000_000;
  const seen = { exchanges: 0, refreshes: 0, api: [""] };
  /** @type {import("@codegrant/client").Fetch} */
  const answer = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.startsWith("https://api.example.com/")) {
      seen.api.push(request.headers.get("authorization") ?? "");
      return Response.json({ ok: true });
    }
    const form = new URLSearchParams(await request.text());
    if (form.get("grant_type") === "refresh_token") {
      if (form.get("refresh_token") !== `refresh-${generation}`) {
        return Response.json({ error: "invalid_grant" }, { status: 400 });
      }
      seen.refreshes += 1;
    } else {
      seen.exchanges += 1;
    }
    generation += 1;
    const tokens = { access_token: `access-${generation}`, refresh_token: `refresh-${generation}` };
    return Response.json({ ...tokens, token_type: "bearer", expires_in: 3_600, scope: "read" });
  };
  const connection = connect(provider, {
    clientId: "client",
    clientSecret: "secret",
    scopes: ["read"],
    redirectUri,
    store: createMemoryStore(),
    fetch: answer,
    clock: { now: () => now, elapsed: () => now, wait: () => new Promise((resolve) => setTimeout(resolve, 1)) },
  });
  const later = (/** @type {number} */ seconds) => {
    now += seconds;
  };
  return { connection, seen, later };
}

/** @returns {Promise<import("@codegrant/client").Connection>} */
async function logIn(/** @type {import("@codegrant/client").Connection} */ connection) {
  const started = await connection.start(new Request("https://app.example.com/connect"));
  const location = new URL(started.headers.get("location") ?? "");
  const cookie = started.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const callback = `${redirectUri}?code=code&state=${location.searchParams.get("state")}`;
  const result = await connection.finish(new Request(callback, { headers: { cookie } }));
  hold(result.status === "approved", `finish said ${result.status}`);
  return result.status === "approved" ? result.connection : connection;
}

/** @type {Record<string, () => Promise<void>>} */
const promises = {
  "a code flow ends with a token that the API gets": async () => {
    const { connection, seen } = createScene();
    const account = await logIn(connection);
    hold((await account.fetch("/photos")).status === 200, "the API answered");
    hold(seen.exchanges === 1 && seen.api.at(-1) === "Bearer access-1", "the token is the exchanged one");
  },
  "twenty at once refresh once": async () => {
    const { connection, seen, later } = createScene();
    const account = await logIn(connection);
    later(3_600);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => account.accessToken()));
    hold(new Set(tokens.map((token) => token.reveal())).size === 1, "all have one token");
    hold(seen.refreshes === 1, `${seen.refreshes} refreshes`);
  },
  "a callback with another's state exchanges nothing": async () => {
    const { connection, seen } = createScene();
    const forged = connection.finish(new Request(`${redirectUri}?code=code&state=forged`));
    const code = await forged.then(
      () => "none",
      (error) => error.code,
    );
    hold(code === "ERR_STATE_MISMATCH" && seen.exchanges === 0, `the error is ${code}`);
  },
  "every error code is read as it was written": async () => {
    for (const code of Object.keys(errorCodes)) {
      const { status, body } = formatErrorResponse(new OAuthError(code), rfc6749);
      const read = parseErrorResponse({ status, contentType: "application/json", body }, rfc6749);
      hold(read.code === code, `${code} was read as ${read.code}`);
    }
  },
};
for (const { name, needsAgain, run } of clientStoreContract) {
  if (!needsAgain) promises[`the memory store ${name}`] = () => run(async () => createMemoryStore());
}

function hold(/** @type {boolean} */ condition, /** @type {string} */ what) {
  if (!condition) throw new Error(what);
}

const worker = {
  async fetch() {
    const results = [];
    for (const [name, run] of Object.entries(promises)) {
      results.push(
        await run().then(
          () => ({ name }),
          (error) => ({ name, failure: String(error) }),
        ),
      );
    }
    return Response.json(results);
  },
};

export { worker as default };
