import { connect as connectSocket, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { ask, good, listen } from "./listening.ts";

it("the place where the answer arrives gets the answer through a thousand connections that say nothing (CC-24)", async () => {
  const { port, visits } = await listen();
  const sockets: Socket[] = [];
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  for (let count = 0; count < 1_000; count++) {
    const socket = connectSocket(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET /callback?");
    sockets.push(socket);
  }
  for (let tries = 0; visits.length === 0 && tries < 100; tries++) {
    await ask(port, good).catch(() => new Promise((resolve) => setTimeout(resolve, 100)));
  }
  expect(visits).toEqual([good]);
});
