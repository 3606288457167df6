/** An address of somebody else that may stand in a link: absolute, http or https, nothing else. */
export function webHref(address: string): string | undefined {
  const url = parse(address);
  return url !== undefined && isWeb(url) ? address : undefined;
}

/** A path on this very server; `undefined` for whatever a browser would take for another host (`//`, `/\`, tabs). */
export function ownHref(path: string): string | undefined {
  return path.startsWith("/") && parse(path, ownOrigin)?.origin === ownOrigin ? path : undefined;
}

/**
 * Where a redirect URI leads, for a person: the host, and whether that is this very device
 * (loopback, or an application's own scheme: RFC 8252, 7).
 */
export function describeRedirect(redirectUri: string): { readonly host: string; readonly onThisDevice: boolean } {
  const url = parse(redirectUri);
  if (url === undefined) return { host: redirectUri, onThisDevice: false };
  if (!isWeb(url)) return { host: url.protocol.slice(0, -1), onThisDevice: true };
  return { host: url.host, onThisDevice: /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname) };
}

const ownOrigin = "http://own.invalid";

function isWeb({ protocol }: URL): boolean {
  return protocol === "http:" || protocol === "https:";
}

function parse(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    return undefined;
  }
}
