/** A URI cut at its delimiters and not changed otherwise (RFC 3986, appendix B). */
export interface UriParts {
  /** Empty if the text has no scheme. */
  readonly scheme: string;
  /** `undefined` if the text has no `//`. */
  readonly authority: string | undefined;
  readonly host: string;
  /** `undefined` if there is no colon after the host. */
  readonly port: string | undefined;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

/** Never throws and never decodes: made for comparing and refusing, where a forgiving parser would hide the difference. */
export function splitUri(uri: string): UriParts {
  const [beforeFragment, fragment] = cut(uri, "#");
  const [hierarchy, query] = cut(beforeFragment, "?");
  const colon = hierarchy.indexOf(":");
  const hasScheme = colon > 0 && /^[A-Za-z][A-Za-z0-9+.-]*$/.test(hierarchy.slice(0, colon));
  const scheme = hasScheme ? hierarchy.slice(0, colon) : "";
  const rest = hasScheme ? hierarchy.slice(colon + 1) : hierarchy;
  if (!rest.startsWith("//"))
    return { scheme, authority: undefined, host: "", port: undefined, path: rest, query, fragment };
  const slash = rest.indexOf("/", 2);
  const authority = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  return {
    scheme,
    authority,
    ...splitAuthority(authority),
    path: slash === -1 ? "" : rest.slice(slash),
    query,
    fragment,
  };
}

function splitAuthority(authority: string): { host: string; port: string | undefined } {
  const hostAndPort = authority.slice(authority.lastIndexOf("@") + 1);
  const colon = hostAndPort.indexOf(":", hostAndPort.startsWith("[") ? Math.max(hostAndPort.indexOf("]"), 0) : 0);
  return colon === -1
    ? { host: hostAndPort, port: undefined }
    : { host: hostAndPort.slice(0, colon), port: hostAndPort.slice(colon + 1) };
}

function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
