import { BlockList, isIP } from "node:net";

/** The proxies in front of a server, and what they say of who is behind them. */
export interface TrustedProxies {
  /** The nearest address in the chain that is no trusted proxy; the peer's own when the peer is none. */
  addressOf(peer: string, forwardedFor: string | readonly string[] | undefined): string;
}

/** A chain longer than this is not read: its far end is the sender's own invention. */
const maximumHops = 16;

/** Each entry is an address or a CIDR range. Throws a `TypeError` that names the one it cannot read. */
export function createTrustedProxies(ranges: readonly string[]): TrustedProxies {
  const trusted = new BlockList();
  for (const range of ranges) addRange(trusted, range);
  const isTrusted = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && trusted.check(address, family === 6 ? "ipv6" : "ipv4");
  };
  return {
    addressOf(peer, forwardedFor) {
      // The commonest request, and asking a `BlockList` costs more than reading all its headers.
      if (forwardedFor === undefined || ranges.length === 0) return unmapped(peer);
      const hops = String(forwardedFor)
        .split(",")
        .map((hop) => hop.trim())
        .slice(-maximumHops);
      let address = peer;
      // From our end backwards: only what a trusted proxy appended is worth anything.
      while (isTrusted(unmapped(address))) {
        const before = hops.pop();
        if (before === undefined || isIP(unmapped(before)) === 0) break;
        address = before;
      }
      return unmapped(address);
    },
  };
}

function addRange(trusted: BlockList, range: string): void {
  const [address = "", prefix, ...rest] = range.split("/");
  const family = isIP(address);
  const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
  const isBits = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (family === 0 || !isBits || bits > (family === 6 ? 128 : 32) || rest.length > 0)
    throw new TypeError(`${range} is not an address or a range such as 10.0.0.0/8`);
  trusted.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
}

/** An IPv4 peer on a socket that listens on both families shows as `::ffff:192.0.2.1`. */
function unmapped(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
