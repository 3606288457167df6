import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { defineProvider, identify, type Provider, Secret } from "../src/index.ts";
import { client, clientId, clientSecret, provider, thrownBy } from "./fixtures.ts";
import { json, serve } from "./loopback.ts";

const accessToken = new Secret("cfabdegwdoklmawdzdo98xt2fo512y");
const tokens = { accessToken, scopes: ["user:read:email"] };
const byValidate = [{ from: "validate", id: ["user_id"], login: ["login"] }] as const;

function asking(url: string, columns: Partial<Provider>): Provider {
  const endpoints = {
    authorize: `${url}/authorize`,
    token: `${url}/token`,
    userinfo: `${url}/user`,
    introspect: `${url}/introspect`,
  };
  return defineProvider({ name: "example", endpoints, ...columns });
}

describe("identify", () => {
  it("believes the answer that brought the tokens and asks nobody", async () => {
    const who = { id: "1", login: "ann" };
    expect(await identify(provider(), client, { ...tokens, who })).toBe(who);
  });

  it("CT-21: asks with the token in the header and nowhere else", async () => {
    const server = await serve((_request, response) => json(response, 200, { data: { id: 7, name: "ann" } }));
    const identity = [{ from: "userinfo", id: ["data", "id"], login: ["data", "name"] }] as const;
    expect(await identify(asking(server.url, { identity }), client, tokens)).toEqual({ id: "7", login: "ann" });
    expect(server.received[0]).toMatchObject({ method: "GET", url: "/user", body: "" });
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${accessToken.reveal()}`);
  });

  it("CT-21: follows no redirect with the token", async () => {
    const thief = await serve((_request, response) => json(response, 200, { id: 1 }));
    const server = await serve((_request, response) => response.writeHead(302, { location: thief.url }).end());
    const identity = [{ from: "userinfo", id: ["id"] }] as const;
    expect(await thrownBy(identify(asking(server.url, { identity }), client, tokens))).toMatchObject({
      code: "ERR_RESPONSE_SHAPE",
    });
    expect(thief.received).toEqual([]);
  });

  it("asks only where the granted scopes let it", async () => {
    const server = await serve((_request, response) => json(response, 200, { id: "1" }));
    const identity = [{ from: "userinfo", id: ["id"], needsScope: ["identify"] }] as const;
    expect(await identify(asking(server.url, { identity }), client, tokens)).toBeUndefined();
    expect(await identify(asking(server.url, { identity }), client, { ...tokens, scopes: ["identify"] })).toEqual({
      id: "1",
    });
    expect(server.received.length).toBe(1);
  });

  it("asks by introspection where the client can prove itself", async () => {
    const body = { active: true, client_id: clientId, sub: "42", username: "ann" };
    const server = await serve((_request, response) => json(response, 200, body));
    const where = asking(server.url, { identity: [{ from: "introspect", id: ["sub"], login: ["username"] }] });
    expect(await identify(where, client, tokens)).toEqual({ id: "42", login: "ann" });
    expect(server.received[0]?.headers.authorization).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`);
    expect(await identify(where, { clientId }, tokens)).toBeUndefined();
  });

  it.each<[string, object, string]>([
    ["is dead", { active: false }, "invalid_token"],
    ["belongs to another client", { active: true, client_id: "other", sub: "1" }, "ERR_CLIENT_MISMATCH"],
  ])("a token that %s tells nothing", async (_what, body, code) => {
    const fetch = async (): Promise<Response> => Response.json(body);
    const where = asking("https://a.example", { identity: [{ from: "introspect", id: ["sub"] }] });
    expect(await thrownBy(identify(where, client, tokens, { fetch }))).toMatchObject({ code, provider: "example" });
  });

  it("notices at Twitch that a token was given to another application", async () => {
    const fetch = async (): Promise<Response> =>
      Response.json({ client_id: "other", user_id: "1", login: "ann", scopes: [] });
    const error = await thrownBy(identify(provider({ identity: byValidate }), client, tokens, { fetch }));
    expect(error).toMatchObject({ code: "ERR_CLIENT_MISMATCH", actor: "developer" });
  });

  it.each<[string, unknown]>([
    ["an id that is no text", { id: { a: 1 } }],
    ["an empty id", { id: "" }],
    ["an id without end", { id: "x".repeat(1_001) }],
    ["an inherited member", {}],
  ])("%s is no identity", async (_what, body) => {
    const fetch = async (): Promise<Response> => Response.json(body);
    const identity = [{ from: "userinfo", id: [JSON.stringify(body) === "{}" ? "constructor" : "id"] }] as const;
    expect(await identify(asking("https://a.example", { identity }), client, tokens, { fetch })).toBeUndefined();
  });

  it.each([
    [401, { message: "Bad credentials" }],
    [500, { message: "oops" }],
  ])("a %i is an error without the token in it", async (status, body) => {
    const fetch = async (): Promise<Response> =>
      Response.json({ ...body, error_description: accessToken.reveal() }, { status });
    const where = asking("https://a.example", { identity: [{ from: "userinfo", id: ["id"] }] });
    const error = await thrownBy(identify(where, client, tokens, { fetch }));
    expect(error).toMatchObject({ provider: "example" });
    expect(inspect(error)).not.toContain(accessToken.reveal());
  });
});
