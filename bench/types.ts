import type { Connection, Jar, Reply, Request } from "./load/connection.mjs";

export type KindName = "code" | "refreshNear" | "refreshFar" | "introspect" | "clientCredentials" | "garbage";

/** A server that can be measured: what to start, and how its requests are written and its replies read. */
export interface Peer extends Requests {
  readonly name: string;
  readonly label: string;
  /** Where its grants are, in a few words for the table. */
  readonly storage: string;
  readonly version: string;
  readonly kinds: readonly KindName[];
  readonly start: Start;
  /** An address that answers 200 as soon as the server is up. */
  readonly probe: string;
  /** How long a replayed code is refused without the grant ending, where that was decided. */
  readonly replayForgivenSeconds?: number;
  /** Signs one user in, the consent given; the headers of that user's requests. */
  signIn(browser: Browser): Promise<Readonly<Record<string, string>>>;
  /** Refresh tokens of old grants, each for one use, in a random order. */
  farRefreshTokens?(): Iterator<string>;
}

export interface Browser {
  readonly connection: Connection;
  readonly jar: Jar;
  readonly user: number;
}

export interface Start {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Setting {
  /** For this start alone. */
  readonly folder: string;
  /** For the whole run: what is dear to make is made here once. */
  readonly shared: string;
  readonly port: number;
  /** With this many old grants in the store. */
  readonly grants: number;
}

export type OpenPeer = (setting: Setting) => Promise<Peer>;

export interface Requests {
  readonly redirectUri: string;
  authorize(asked: { session: Readonly<Record<string, string>>; state: string; challenge: string }): Request;
  code(reply: Reply, state: string): string;
  redeem(sent: { code: string; verifier: string }): Request;
  refresh(refreshToken: string): Request;
  introspect(accessToken: string): Request;
  clientCredentials(): Request;
  tokens(reply: Reply): { readonly access_token: string; readonly refresh_token?: string };
  isActive(reply: Reply): boolean;
}

/** One kind of operation at one server, in one round. */
export interface Figures {
  readonly peer: string;
  readonly kind: KindName;
  readonly round: number;
  readonly operations: number;
  readonly seconds: number;
  readonly cpuMicroseconds: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly errors: number;
  readonly firstError?: string;
  /** Bytes an operation, as the process counts and as the device does. */
  readonly processBytes: number;
  readonly deviceBytes: number;
  readonly slowdown: number;
}

/** One start of a server. */
export interface StartFigures {
  readonly peer: string;
  readonly round: number;
  readonly startMilliseconds: number;
  readonly idleMebibytes: number;
  readonly endMebibytes: number;
  readonly refused?: Readonly<Record<string, boolean>>;
}
