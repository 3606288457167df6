/** What the snippets of the how-to are filled in with: a server's own addresses and a reader's own application. */
export interface HowToFacts {
  readonly issuer: string;
  /** Where the endpoints stand below the issuer. */
  readonly path: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  /** Tells what a token is good for, where the server has such an address. */
  readonly validateUrl: string | undefined;
  /** Every answer of the authorize endpoint names the issuer (RFC 9207). */
  readonly issuerInAnswer: boolean;
  /** What our kit calls the way this server speaks. */
  readonly kitDialect: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  /** A confidential application has a secret, which is read from the environment. */
  readonly hasSecret: boolean;
}

/** The host and port that a program for this redirect URI listens on. */
export function addressToListen(redirectUri: string): string {
  const { hostname, protocol } = new URL(redirectUri);
  return `${isLocal(hostname, protocol) ? hostname : "localhost"}:${portOf(redirectUri)}`;
}

/** The port that a program for this redirect URI listens on; behind a proxy, one of its own. */
export function portOf(redirectUri: string): number {
  const { hostname, port, protocol } = new URL(redirectUri);
  return isLocal(hostname, protocol) ? Number(port || 80) : 3000;
}

function isLocal(hostname: string, protocol: string): boolean {
  return protocol === "http:" && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
