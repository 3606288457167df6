import type { Endpoints, Provider } from "@codegrant/client";

/** What a request is for: one of the provider's endpoints, its API, or a page for people. */
export type AddressName = keyof Endpoints | "jwks" | "api" | "page";

/** Finds what a request is for, by the provider's own addresses. */
export interface Addresses {
  /** Undefined: the address is none of this provider's. */
  find(url: URL): AddressName | undefined;
}

export interface AddressOptions {
  /** In the process every origin is its own; on loopback all of them are one. */
  readonly originMatters: boolean;
  /** Whether our server has a page for people at a path. */
  isPage(path: string): boolean;
}

export function createAddresses(provider: Provider, { originMatters, isPage }: AddressOptions): Addresses {
  const addresses: [string, string | undefined][] = Object.entries({ ...provider.endpoints });
  const endpoints = addresses.flatMap(([name, address]) =>
    address === undefined
      ? []
      : [{ name: name as keyof Endpoints, origin: new URL(address).origin, path: pathPatternOf(address) }],
  );
  const { baseUrl, otherOrigins = [] } = provider.api ?? {};
  const apiOrigins = [baseUrl, ...otherOrigins].flatMap((one) => (one === undefined ? [] : [new URL(one).origin]));
  const origins = new Set([...apiOrigins, ...endpoints.map(({ origin }) => origin)]);
  return {
    find({ origin, pathname }) {
      if (originMatters && !origins.has(origin)) return undefined;
      const isHere = (one: { readonly origin: string }): boolean => !originMatters || one.origin === origin;
      const found = endpoints.find((one) => isHere(one) && one.path.test(pathname));
      return found?.name ?? (isPage(pathname) ? "page" : "api");
    },
  };
}

/** The path of an address as it is written there; `{clientId}` stands for any. */
export function pathOf(address: string): string {
  return /^https?:\/\/[^/?#]+(\/[^?#]*)?/.exec(address)?.[1] ?? "/";
}

function pathPatternOf(address: string): RegExp {
  const literal = pathOf(address).replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("{clientId}", "[^/]+")}$`);
}

/** The provider with all of its addresses at one server on this machine. */
export function moveProvider(provider: Provider, baseUrl: string): Provider {
  const move = (address: string): string => baseUrl + pathOf(address) + (/\?[^#]*$/.exec(address)?.[0] ?? "");
  const { endpoints, api, issuer } = provider;
  const moved = Object.entries<string | undefined>({ ...endpoints }).flatMap(([name, address]) =>
    address === undefined ? [] : [[name, move(address)] as const],
  );
  return {
    ...provider,
    endpoints: { ...endpoints, ...Object.fromEntries(moved) },
    ...(api !== undefined && { api: { ...api, baseUrl: move(api.baseUrl).replace(/\/$/, ""), otherOrigins: [] } }),
    // An issuer has no slash at its end, and is compared byte for byte, in ID tokens too.
    ...(issuer !== undefined && { issuer: issuerAt(move(issuer)), idTokenIssuers: [issuerAt(move(issuer))] }),
  };
}

function issuerAt(address: string): string {
  return address.replace(/\/$/, "");
}
