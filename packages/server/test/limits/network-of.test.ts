import { expect, it } from "vitest";
import { networkOf } from "../../src/limits/network-of.ts";

it.each([
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["2001:db8:1:2::", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("counts %s under its network %s, which one sender has whole", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it.each(["192.0.2.1", "::ffff:192.0.2.1", "", "unix"])("counts %j by itself", (address) => {
  expect(networkOf(address)).toBe(address);
});
