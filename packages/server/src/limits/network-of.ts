import { isIP } from "node:net";

/**
 * What an address is counted under: itself, or for IPv6 its first 64 bits, since one sender has all the addresses
 * below them and would begin anew with each.
 */
export function networkOf(address: string): string {
  // With dots it stands for an IPv4 one, such as `::ffff:192.0.2.1`.
  if (isIP(address) !== 6 || address.includes(".")) return address;
  const [head = "", tail] = (address.split("%", 1)[0] ?? "").split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => 0);
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => group.toString(16)).join(":")}::/64`;
}

const groupsOf = (text: string): readonly number[] =>
  text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
