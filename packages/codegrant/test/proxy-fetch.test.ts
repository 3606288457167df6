import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProxyFetch } from "../src/connections/proxy-fetch.ts";

/** A proxy that lets nobody through, and what it was asked for. */
async function startProxy(): Promise<{ readonly address: string; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  proxy.listen(0, "127.0.0.1");
  onTestFinished(() => void proxy.close());
  await once(proxy, "listening");
  return { address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

describe("a way through a proxy", () => {
  it.each([
    ["", true],
    ["other.example", true],
    ["ocalhost", true],
    ["localhost:2", true],
    ["localhost", false],
    ["other.example, LOCALHOST", false],
    [".localhost", false],
    ["localhost:1", false],
    ["*", false],
  ])("with NO_PROXY=%j is taken: %s", async (noProxy, isTaken) => {
    const { address, asked } = await startProxy();
    const fetchThere = createProxyFetch({ HTTPS_PROXY: `http://${address}`, NO_PROXY: noProxy });
    await expect(fetchThere?.("https://localhost:1/", {})).rejects.toThrow(/./);
    expect(asked).toEqual(isTaken ? ["localhost:1"] : []);
  });

  it("may be named without a scheme and in small letters", async () => {
    const { address, asked } = await startProxy();
    await expect(createProxyFetch({ https_proxy: address })?.("https://localhost:1/", {})).rejects.toThrow(/./);
    expect(asked).toHaveLength(1);
  });

  it("that is closed says so, without the password in its address", async () => {
    const { address } = await startProxy();
    const fetchThere = createProxyFetch({ HTTPS_PROXY: `http://me:hidden@${address}` });
    const failure = fetchThere?.("https://localhost:1/", {});
    await expect(failure).rejects.toThrow(`The proxy ${address} answered 403 and opens no way to localhost:1.`);
  });

  it("is not taken for plain http, which is for this machine", async () => {
    const { address, asked } = await startProxy();
    await expect(createProxyFetch({ HTTPS_PROXY: address })?.("http://localhost:1/", {})).rejects.toThrow(/./);
    expect(asked).toEqual([]);
  });

  it("is none where the environment names none", () => {
    expect(createProxyFetch({ HTTPS_PROXY: "" })).toBeUndefined();
  });
});
