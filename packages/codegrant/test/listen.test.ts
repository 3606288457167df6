import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Listening, listen } from "../src/listen.ts";

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close(0)));
});

type Listener = Parameters<typeof listen>[0]["listener"];

async function start(listener: Listener, hosts: readonly string[] = ["127.0.0.1"], port = 0): Promise<Listening> {
  const listening = await listen({ hosts, port, listener });
  open.push(listening);
  return listening;
}

async function dial(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe("listening", () => {
  it("takes the same port on every host", async () => {
    const { port } = await start((_, response) => response.end("here"), ["127.0.0.1", "::1"]);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("here");
    expect(await (await fetch(`http://localhost:${port}/`)).text()).toBe("here");
  });

  it("does without a further host that the machine lacks, and not without the first", async () => {
    const { port } = await start((_, response) => response.end("here"), ["127.0.0.1", "192.0.2.1"]);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("here");
    await expect(start(() => undefined, ["192.0.2.1"])).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
  });

  it("says when the port is taken", async () => {
    const { port } = await start(() => undefined);
    await expect(start(() => undefined, ["127.0.0.1"], port)).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("finishes a request under way when it closes, and then lets its connection go", async () => {
    const arrived = withResolvers<() => void>();
    const listening = await start((_, response) => arrived.resolve(() => void response.end("whole answer")));
    const socket = await dial(listening.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const answer = await arrived.promise;
    const closed = listening.close(60);
    await expect(fetch(`http://127.0.0.1:${listening.port}/`)).rejects.toThrow("fetch failed");
    answer();
    expect(await readAll(socket)).toMatch(/200 OK[^]*whole answer/);
    await closed;
  });

  it("closes a connection on which nothing was asked", async () => {
    const listening = await start((_, response) => response.end("here"));
    const socket = await dial(listening.port, "");
    await (await fetch(`http://127.0.0.1:${listening.port}/`)).text(); // later, so the first has been taken
    const ended = readAll(socket);
    await listening.close(60);
    expect(await ended).toBe("");
  });

  it("cuts a request that never ends when the time is over", async () => {
    const arrived = withResolvers<void>();
    const listening = await start(() => arrived.resolve());
    const socket = await dial(listening.port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.on("error", () => undefined);
    await arrived.promise;
    await listening.close(0);
    await once(socket, "close");
    expect(socket.destroyed).toBe(true);
  });
});

/** `Promise.withResolvers` is not in Node 20. */
function withResolvers<Value>(): { readonly promise: Promise<Value>; resolve(value: Value): void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: (value) => resolve(value) };
}
