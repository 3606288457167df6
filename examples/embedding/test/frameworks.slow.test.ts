import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import {
  codegrantProvider,
  finishAuthorization,
  refreshTokens,
  revokeToken,
  startAuthorization,
} from "@codegrant/client";
import { createApplication, createUser } from "@codegrant/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { playUser } from "../../sample/src/robot.ts";
import { frameworks } from "../src/frameworks.ts";
import { openPhotoClub, type PhotoClub } from "../src/photo-club.ts";

const servers: http.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listenOn(server: http.Server): Promise<number> {
  servers.push(server);
  server.listen(0, "localhost");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** An application's end of the flow: it sends its visitor to `leadTo`, and keeps where the visitor came back to. */
async function listenAsApplication() {
  const application = { redirectUri: "", startUrl: "", leadTo: "", cameBackTo: "" };
  const port = await listenOn(
    http.createServer((request, response) => {
      if (request.url === "/start") return response.writeHead(303, { Location: application.leadTo }).end();
      application.cameBackTo = new URL(request.url ?? "", application.redirectUri).href;
      return response.end("Back");
    }),
  );
  application.redirectUri = `http://localhost:${port}/callback`;
  application.startUrl = `http://localhost:${port}/start`;
  return application;
}

/** The issuer hangs on the port, so the port is taken first. */
async function startClub(name: string, prefix: string) {
  let listener: http.RequestListener = (_, response) => response.end();
  const port = await listenOn(http.createServer((request, response) => listener(request, response)));
  const club: PhotoClub = openPhotoClub(`http://localhost:${port}${prefix}`);
  const inner = await frameworks[name]?.(club);
  listener = (request, response) => inner?.emit("request", request, response);
  return { club, origin: `http://localhost:${port}`, issuer: `http://localhost:${port}${prefix}` };
}

const person = { login: "ada", password: "correct horse battery" };
const prefixes = ["/connect", "/members/area/oauth"];
const cases = Object.keys(frameworks).flatMap((name) => prefixes.map((prefix) => [name, prefix] as const));

describe.each(cases)("embedded in %s under %s", (name, prefix) => {
  let running: Awaited<ReturnType<typeof startClub>>;
  beforeEach(async () => {
    running = await startClub(name, prefix);
    await createUser(running.club.platform, person);
  });

  it("plays the whole flow, and its API takes the token until it is revoked", async () => {
    const { club, issuer } = running;
    const own = await listenAsApplication();
    const { redirectUri, startUrl } = own;
    const { application, clientSecret = "" } = await createApplication(club.platform, {
      name: "Photo printer",
      redirectUris: [redirectUri],
      type: "confidential",
    });
    const provider = codegrantProvider(issuer, "rfc6749");
    const client = { clientId: application.clientId, clientSecret };
    const start = { clientId: client.clientId, redirectUri, scopes: ["photos:read"] };
    const { url, pending } = await startAuthorization(provider, start);
    own.leadTo = url;
    await playUser({ startUrl, ...person, decision: "approve" });
    expect(new URL(own.cameBackTo).searchParams.get("iss")).toBe(issuer);
    const result = await finishAuthorization(provider, client, pending, own.cameBackTo);
    if (result.status !== "approved") throw new Error(result.status);

    const tokens = await refreshTokens(provider, client, result.tokens);
    const ask = () => fetch(club.photosUrl, { headers: { authorization: `Bearer ${tokens.accessToken.reveal()}` } });
    expect(await (await ask()).json()).toEqual({ photosOf: "1" });
    await revokeToken(provider, client, tokens.refreshToken ?? "");
    expect((await ask()).status).toBe(401);
  });

  it("names one issuer in both metadata documents, and leads there from its API", async () => {
    const { club, origin, issuer } = running;
    const refused = await fetch(club.photosUrl);
    expect(refused.status).toBe(401);
    const pointer = /resource_metadata="([^"]+)"/.exec(refused.headers.get("www-authenticate") ?? "")?.[1] ?? "";
    const resource = await json(pointer);
    expect(resource).toMatchObject({ resource: club.photosUrl, authorization_servers: [issuer] });
    const inserted = await json(`${origin}/.well-known/oauth-authorization-server${prefix}`);
    const below = await json(`${issuer}/.well-known/oauth-authorization-server`);
    expect(inserted).toEqual(below);
    expect(inserted).toMatchObject({ issuer, token_endpoint: `${issuer}/oauth2/token` });
  });

  it("answers for all below its path, and leaves the rest of the host to the application", async () => {
    const { origin, issuer } = running;
    const page = await fetch(`${issuer}/nothing/here`);
    expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(await page.text()).toContain("There is nothing here");
    const other = await fetch(`${origin}/elsewhere`);
    expect(other.status).toBe(404);
    expect(await other.text()).not.toContain("There is nothing here");
  });

  it("refuses a body that is too large, and goes on", async () => {
    const body = new URLSearchParams({ code: "x".repeat(70_000) });
    const answer = await fetch(`${running.issuer}/oauth2/token`, { method: "POST", body }).catch(() => undefined);
    // Whoever still sends when the refusal comes may meet a closed connection instead.
    expect([413, undefined]).toContain(answer?.status);
    expect((await fetch(`${running.issuer}/healthz`)).status).toBe(200);
  });
});

async function json(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}
