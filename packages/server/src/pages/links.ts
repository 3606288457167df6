const ownOrigin = "http://own.invalid";

/** An address that may stand in a link: http or https, nothing else. Every link made from data passes here. */
export function webHref(address: string): string | undefined {
  const url = parse(address);
  return url?.protocol === "http:" || url?.protocol === "https:" ? address : undefined;
}

/** A path on this very server; `undefined` for whatever a browser would take for another host (`//`, `/\`, tabs). */
export function ownHref(path: string): string | undefined {
  return path.startsWith("/") && webHref(path) !== undefined && parse(path)?.origin === ownOrigin ? path : undefined;
}

/**
 * Where a redirect URI leads, for a person: the host, and whether that is this very device
 * (loopback, or an application's own scheme: RFC 8252, 7).
 */
export function describeRedirect(redirectUri: string): { readonly host: string; readonly onThisDevice: boolean } {
  const url = parse(redirectUri);
  if (url === undefined) return { host: redirectUri, onThisDevice: false };
  const web = url.protocol === "http:" || url.protocol === "https:";
  if (!web) return { host: url.protocol.slice(0, -1), onThisDevice: true };
  return { host: url.host, onThisDevice: /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname) };
}

function parse(address: string): URL | undefined {
  try {
    return new URL(address, ownOrigin);
  } catch {
    return undefined;
  }
}
