import { CommandError, usageError } from "./command-error.ts";

export interface AddressOptions {
  readonly host?: string | undefined;
  readonly issuer?: string | undefined;
  readonly insecureHttp?: boolean | undefined;
}

export interface Address {
  /** Where to listen. `localhost` is both loopback addresses, as far as the machine has them. */
  readonly hosts: readonly string[];
  /** Undefined: `http://localhost:PORT`, once the port is known. */
  readonly issuer: string | undefined;
  /** To be said at each start. */
  readonly warning?: string;
}

/**
 * Where a server listens and what it calls itself (RFC 8414, 2). Over plain http it serves this machine only: anyone on
 * the way could read codes, tokens and passwords. `--insecure-http` allows more, for a container's own network.
 */
export function decideAddress({ host = "localhost", issuer, insecureHttp = false }: AddressOptions): Address {
  const hosts = host === "localhost" ? ["127.0.0.1", "::1"] : [host.replace(/^\[(.*)\]$/, "$1")];
  const scheme = issuer === undefined ? "http:" : checkIssuer(issuer).protocol;
  const staysHere = hosts.every(isLoopback) && (issuer === undefined || isLoopback(new URL(issuer).hostname));
  if (scheme === "https:" || staysHere) return { hosts, issuer };
  if (!insecureHttp) throw usageError(refusal(host, issuer));
  return { hosts, issuer, warning: insecureWarning };
}

/** The issuer as a URL. Throws a `CommandError` that says what the value must look like. */
export function checkIssuer(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw usageError(`--issuer must be this server's own address, such as https://id.example.com. It was: ${issuer}`);
  }
  if (url.search || url.hash || url.username || url.password || /[?#@]/.test(issuer)) {
    throw usageError(`--issuer must be an address without user, query and fragment. Take: ${url.origin}`);
  }
  // Clients compare it byte for byte, so it is never mended in silence.
  const normal = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  if (issuer !== normal) throw usageError(`--issuer is compared letter by letter, so write it like this: ${normal}`);
  return url;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function refusal(host: string, issuer: string | undefined): string {
  const what = issuer?.startsWith("http:") ? `Serving ${issuer}` : `Listening on ${host}`;
  return (
    `${what} over plain http would show passwords and tokens to the network. ` +
    "Give the https address that people use with --issuer https://…, and let a proxy speak https there. " +
    "In a closed container network, --insecure-http serves it all the same."
  );
}

const insecureWarning =
  "Warning: --insecure-http serves passwords and tokens in clear to the network. Never do this where others can listen.";

/** The sentence for an address that cannot be listened on. */
export function listenProblem(code: string | undefined, host: string, port: number): CommandError {
  switch (code) {
    case "EADDRINUSE":
      return new CommandError(
        `Port ${port} is taken by another program. Stop it, or choose another with --port N (0 finds a free one).`,
      );
    case "EACCES":
      return new CommandError(`This user may not listen on port ${port}. Choose one above 1023 with --port N.`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new CommandError(`This machine has no address ${host}. Choose one it has with --host H.`);
    default:
      return new CommandError(`Listening on ${host}, port ${port} failed (${code ?? "unknown reason"}).`);
  }
}
