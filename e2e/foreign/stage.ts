import { createUserAgent, type UserAgent } from "../../packages/codegrant/test/user-agent.ts";
import { newPerson, type Person, type Registered, type RunningPlatform, register } from "../platform.ts";
import { type ClockedPlatform, startClocked } from "./running.ts";

export { type Registered, register } from "../platform.ts";

/** Where a dialect's endpoints stand. */
export type Prefix = "/oauth" | "/oauth2" | "/kraken/oauth2";

/** The whole server over real HTTP, a person who has an account there, and what the server says of a token. */
export interface Stage extends ClockedPlatform {
  readonly person: Person;
  /** Signs in and says yes with a plain HTTP client; where the browser is sent then, unopened. */
  approve(authorizeUrl: string | URL): Promise<URL>;
  /** The same with a no. */
  decline(authorizeUrl: string | URL): Promise<URL>;
  /** Says yes to a device, at the address that carries its code. */
  approveDevice(verificationUri: string): Promise<void>;
  /** The server's own word, by introspection. */
  introspect(token: string | null | undefined, prefix?: Prefix): Promise<Introspected>;
}

export interface Introspected {
  readonly active: boolean;
  readonly scope?: string;
  readonly client_id?: string;
  readonly username?: string;
  readonly aud?: unknown;
}

export async function startStage(): Promise<Stage> {
  const running = await startClocked();
  const person = await newPerson(running);
  const agent = createUserAgent();
  const guard = await register(running, "", { name: "Guard", redirectUris: [], settings: { resourceServer: true } });
  return {
    ...running,
    person,
    approve: (url) => answer(agent, person, url, "approve"),
    decline: (url) => answer(agent, person, url, "decline"),
    approveDevice: async (url) => {
      const { pages, status } = await agent.walk(url, { ...person, decision: "approve" });
      if (status !== 200) throw new Error(`The device was not approved: ${pages.join(", ")}`);
    },
    introspect: (token, prefix = "/oauth") => introspect(running, guard, token, prefix),
  };
}

async function answer(
  agent: UserAgent,
  person: Person,
  url: string | URL,
  decision: "approve" | "decline",
): Promise<URL> {
  const { left, pages } = await agent.walk(String(url), { ...person, decision });
  if (left === undefined) throw new Error(`The platform sent the person nowhere. Its pages: ${pages.join(", ")}`);
  return left;
}

async function introspect(
  { url }: RunningPlatform,
  guard: Registered,
  token: string | null | undefined,
  prefix: Prefix,
): Promise<Introspected> {
  if (typeof token !== "string" || token === "") throw new Error("There is no token to ask about");
  const body = new URLSearchParams({ client_id: guard.clientId, client_secret: guard.clientSecret, token });
  const response = await fetch(`${url}${prefix}/introspect`, { method: "POST", body });
  if (response.status !== 200) throw new Error(`Introspection: ${response.status} ${await response.text()}`);
  return (await response.json()) as Introspected;
}
