import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { answer, createWorld, type Registered, type World } from "./connection-world.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/twitch-stand-in/${name}`, import.meta.url));

/** A machine that reaches the world through a proxy alone, and there our server stands for Twitch. */
interface Enclosed {
  readonly world: World;
  readonly application: Registered;
  readonly env: NodeJS.ProcessEnv;
  /** What the proxy was asked for. */
  readonly ways: readonly string[];
  /** An address of the stand-in as a browser reaches it. */
  local(url: string): string;
}

async function enclose(): Promise<Enclosed> {
  const world = await createWorld("twitch", {}, "https://id.twitch.tv");
  const application = await world.register("public");
  const tls = await listening(
    createHttpsServer(
      { key: readFileSync(fixture("server.key")), cert: readFileSync(fixture("server.pem")) },
      (request, response) => {
        const { method, url, headers } = request;
        const inner = httpRequest(
          { host: "127.0.0.1", port: world.server.port, method, path: url, headers },
          (answered) => {
            response.writeHead(answered.statusCode ?? 502, answered.headers);
            answered.pipe(response);
          },
        );
        request.pipe(inner);
      },
    ),
  );
  const ways: string[] = [];
  const proxy = createHttpServer();
  proxy.on("connect", (request: IncomingMessage, socket) => {
    ways.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    const onward = connect(tls, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on("error", () => undefined);
  });
  const port = await listening(proxy);
  return {
    world,
    application,
    ways,
    env: { HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: fixture("ca.pem") },
    local: (url) => url.replace("https://id.twitch.tv", `http://localhost:${world.server.port}`),
  };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

it("logs in to Twitch with a client id alone by device, through HTTPS_PROXY and with NODE_EXTRA_CA_CERTS", async () => {
  const { world, application, env, local, ways } = await enclose();
  const login = world.start(["login", "twitch", "--client-id", application.clientId], { env });
  const url = await login.opened();
  expect(login.stderr()).toMatch(/^Open https:\/\/id\.twitch\.tv\/\S+\nand check or enter the code \S+\n$/);
  await answer(local(url), "approve");
  expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("ninja (1)") });
  const token = await world.run(["token", "twitch"], { env });
  expect(token).toMatchObject({ code: 0, stdout: expect.stringMatching(/^cga_\S+\n$/) });
  expect(new Set(ways)).toEqual(new Set([`id.twitch.tv:443 Basic ${Buffer.from("me:secret").toString("base64")}`]));
});

it("takes no certificate that neither Node nor NODE_EXTRA_CA_CERTS knows, and shows no password of the proxy", async () => {
  const { world, application, env } = await enclose();
  const args = ["login", "twitch", "--client-id", application.clientId];
  const { code, stdout, stderr } = await world.run(args, { env: { ...env, NODE_EXTRA_CA_CERTS: "" } });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("Check the address, the network and the proxy");
  expect(stderr).not.toContain("secret");
});
