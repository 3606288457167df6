import { type Connection, connect, isConnectionError, type Provider } from "@codegrant/client";
import type { FaultName, FaultOptions, TestProvider, TestProviderOptions } from "../src/index.ts";
import { create, redirectUri, start } from "./create.ts";

/** Where in the life of a token a fault befalls our own kit. */
export type Scene = "login" | "refresh" | "early refresh" | "refresh by hand" | "device" | "validation" | "logout";

export interface Play {
  readonly scene: Scene;
  readonly fault: FaultName;
  readonly options?: FaultOptions;
  readonly provider?: string | Provider;
  readonly test?: TestProviderOptions;
  /** Over sockets of this machine, with Node's own `fetch`. */
  readonly listens?: boolean;
}

/** What an application sees of it, and what becomes of the connection. */
export interface Seen {
  /** What the call gave: a status, a token, or the error's code. */
  readonly outcome: string;
  readonly actor: string;
  readonly hint: string;
  readonly state: string;
  /** The same again, once the provider behaves and the time it asked for is over. */
  readonly afterwards: string;
  /** Requests to the token endpoint when it was asked for twice, one right after the other. */
  readonly tries: number;
}

export async function play({ scene, fault, options, provider = "twitch", test: chosen, listens }: Play): Promise<Seen> {
  const test = await (listens === true ? start(provider, chosen) : create(provider, chosen));
  const connection = connect(test.provider, {
    ...test.options,
    ...(listens === true && { fetch }),
    scopes: ["chat:read", "chat:edit"],
    redirectUri,
    // Short where there is no answer to wait for, long where a busy machine may take its time.
    timeoutSeconds: ["neverEnds", "trickle"].includes(fault) ? 0.25 : 5,
  });
  return await scenes[scene](test, connection, () => test.misbehave(fault, options));
}

type Director = (test: TestProvider, connection: Connection, spoil: () => void) => Promise<Seen>;

const scenes: Readonly<Record<Scene, Director>> = {
  /** In a web application; afterwards the person reloads the page. */
  async login(test, connection, spoil) {
    const { location, cookie } = await begin(connection);
    spoil();
    const callback = (await test.visit(location)) ?? "";
    const finish = async (): Promise<string> => {
      const result = await connection.finish(new Request(callback, { headers: { cookie } }));
      const scopes = result.status === "approved" ? `, ${result.scopes.join("+") || "no scope"}` : "";
      return result.status + scopes;
    };
    // So long a person waits before the page is loaded again.
    return await watch(test, connection.account("1001"), { act: finish, after: 5 });
  },
  async refresh(test, connection, spoil) {
    const connected = await logIn(test, connection);
    test.clock.advance(day);
    spoil();
    return await watch(test, connected, { act: () => useToken(test, connected), isRepeated: true });
  },
  async "early refresh"(test, connection, spoil) {
    const connected = await logIn(test, connection);
    const { expiresAt = 0 } = await connected.status();
    test.clock.advance(expiresAt - test.clock.now() - 60);
    spoil();
    return await watch(test, connected, { act: () => useToken(test, connected), isRepeated: true });
  },
  /** Whoever was told that it is uncertain tries all the same. */
  async "refresh by hand"(test, connection, spoil) {
    const connected = await logIn(test, connection);
    test.clock.advance(day);
    spoil();
    await attempt(() => useToken(test, connected));
    test.clock.advance(60);
    const act = async (): Promise<string> => (await connected.refresh()).state;
    return await watch(test, connected, { act });
  },
  async device(test, connection, spoil) {
    spoil();
    const login = async (): Promise<string> =>
      (await whileTimePasses(test, connection.login({ method: "device", onPrompt: () => undefined }))).status;
    return await watch(test, connection, { act: login });
  },
  async validation(test, connection, spoil) {
    const connected = await logIn(test, connection);
    test.clock.advance(3_601);
    spoil();
    return await watch(test, connected, { act: () => useToken(test, connected), isRepeated: true });
  },
  async logout(test, connection, spoil) {
    const connected = await logIn(test, connection);
    spoil();
    const logout = async (): Promise<string> => {
      const { revoked, forgotten, error } = await connected.logout();
      const outcome = `${revoked}, ${forgotten ? "forgotten" : "kept"}`;
      if (error !== undefined) throw Object.assign(error, { outcome });
      return outcome;
    };
    return await watch(test, connected, { act: logout });
  },
};

const day = 86_400;

interface Begun {
  readonly location: string;
  readonly cookie: string;
}

async function begin(connection: Connection): Promise<Begun> {
  const { headers } = await connection.start(new Request("https://app.example/connect"));
  const cookie = (headers.get("set-cookie") ?? "").split(";", 1)[0] ?? "";
  return { location: headers.get("location") ?? "", cookie };
}

async function logIn(test: TestProvider, connection: Connection): Promise<Connection> {
  const { location, cookie } = await begin(connection);
  const callback = (await test.visit(location)) ?? "";
  const result = await connection.finish(new Request(callback, { headers: { cookie } }));
  if (result.status !== "approved") throw new Error(`The login came to nothing: ${result.status}`);
  return result.connection;
}

async function useToken({ clock }: TestProvider, connection: Connection): Promise<string> {
  await connection.accessToken();
  const { expiresAt } = await connection.status();
  return expiresAt === undefined ? "a token without end" : `a token for ${expiresAt - clock.now()} s`;
}

async function whileTimePasses<T>({ clock }: TestProvider, work: Promise<T>): Promise<T> {
  let isDone = false;
  const finish = (): void => {
    isDone = true;
  };
  work.then(finish, finish);
  for (let turns = 0; turns < 500; turns++) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (isDone) break;
    clock.advance(1);
  }
  return await work;
}

interface Watch {
  readonly act: () => Promise<string>;
  readonly after?: number;
  readonly isRepeated?: boolean;
}

async function watch(test: TestProvider, connection: Connection, { act, after = 3_700, isRepeated = false }: Watch) {
  const before = countTries(test);
  const first = await attempt(act);
  if (isRepeated) await attempt(act);
  const tries = countTries(test) - before;
  const { state } = await connection.status();
  test.behave();
  test.clock.advance(after);
  const { outcome: afterwards } = await attempt(act);
  return { ...first, state, tries, afterwards };
}

function countTries({ requests }: TestProvider): number {
  return requests.filter(({ endpoint }) => endpoint === "token").length;
}

async function attempt(act: () => Promise<string>): Promise<Pick<Seen, "outcome" | "actor" | "hint">> {
  try {
    return { outcome: await act(), actor: "", hint: "" };
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    const { code, actor, hint } = error;
    const told = "outcome" in error ? `${String(error.outcome)}: ` : "";
    return { outcome: told + code, actor, hint };
  }
}
