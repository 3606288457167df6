import { createGuard, disconnect, type Guard, type GuardOptions, mounts } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { onRfc6749, onTwitch, type Stage, stage, tokensOn } from "../endpoints/stage.ts";
import { storeAround } from "../endpoints/store-around.ts";
import { testPlatform } from "../platform.ts";
import { requestOf, send } from "../visitor.ts";

const resource = "https://api.example/photos";
const scopes = "user:read:email chat:read";

let on: Stage;
let access: string;
beforeEach(async () => {
  on = await stage();
  access = (await tokensOn(onRfc6749, on, { scope: scopes })).access;
});

function guardOf(options: Partial<GuardOptions> = {}): Guard {
  return createGuard(on.platform, mounts.twitch, { resource, ...options });
}

const withToken = (token: string) => requestOf("/photos", { headers: { authorization: `Bearer ${token}` } });

interface Refused {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: Record<string, unknown>;
}

async function refusalOf(request = withToken(access), needed: readonly string[] = [], guard = guardOf()) {
  const result = await guard.check(request, needed);
  if (result.outcome === "allowed") throw new Error("allowed");
  const { status, headers, body } = result.message;
  const at = headers.indexOf("WWW-Authenticate");
  const refused: Refused = { status, challenge: at === -1 ? undefined : headers[at + 1], body: JSON.parse(body) };
  return refused;
}

describe("a guard lets in", () => {
  it("a living token with the scopes that are needed, and says whose it is", async () => {
    const result = await guardOf().check(withToken(access), ["chat:read"]);
    expect(result).toEqual({
      outcome: "allowed",
      access: {
        userId: "1",
        clientId: on.app.clientId,
        scopes: ["user:read:email", "chat:read"],
        resources: [],
        expiresAt: on.platform.now() + 3_600,
      },
    });
  });

  it("a token of either family that the server speaks, after either of its schemes", async () => {
    const { access: ofTwitch } = await tokensOn(onTwitch, on);
    for (const scheme of ["Bearer", "bearer", "OAuth"]) {
      const request = requestOf("/photos", { headers: { authorization: `${scheme} ${ofTwitch}` } });
      expect((await guardOf().check(request)).outcome).toBe("allowed");
    }
    const strict = createGuard(on.platform, mounts.rfc6749, { resource });
    expect((await strict.check(withToken(ofTwitch))).outcome).toBe("refused");
  });

  it("an application that speaks for itself, without a user", async () => {
    const answer = await send(on.platform.server, "/oauth/token", {
      method: "POST",
      body: { grant_type: "client_credentials", client_id: on.app.clientId, client_secret: on.app.clientSecret },
    });
    const result = await guardOf().check(withToken(String(answer.json()["access_token"])));
    expect(result).toMatchObject({ outcome: "allowed", access: { clientId: on.app.clientId } });
    expect(result).not.toHaveProperty("access.userId");
  });
});

describe("a guard refuses", () => {
  it("a request without a token with 401 and no error code (RFC 6750, 3.1)", async () => {
    const refused = await refusalOf(requestOf("/photos", {}), ["chat:read"]);
    expect(refused.status).toBe(401);
    expect(refused.challenge).toBe(
      'Bearer realm="Testbed", scope="chat:read", ' +
        'resource_metadata="https://api.example/.well-known/oauth-protected-resource/photos"',
    );
  });

  it.each(["nonsense", `cga_${"A".repeat(64)}`])("the token %s with 401 and invalid_token", async (token) => {
    const refused = await refusalOf(withToken(token));
    expect(refused.status).toBe(401);
    expect(refused.challenge).toMatch(/^Bearer realm="Testbed", error="invalid_token", error_description="/);
    expect(refused.body["error"]).toBe("invalid_token");
  });

  it("a scope that is missing with 403, and names those that are needed", async () => {
    const refused = await refusalOf(withToken(access), ["chat:read", "channel:moderate"]);
    expect(refused.status).toBe(403);
    expect(refused.challenge).toContain('error="insufficient_scope"');
    expect(refused.challenge).toContain('scope="chat:read channel:moderate"');
  });

  it("RI-22: a malformed or doubled header with 400", async () => {
    const malformed = requestOf("/photos", { headers: { authorization: `Bearer  ${access}` } });
    for (const request of [malformed, { ...withToken(access), headerCount: () => 2 }]) {
      const refused = await refusalOf(request);
      expect(refused.status).toBe(400);
      expect(refused.challenge).toContain('error="invalid_request"');
    }
  });

  it("RF-09: a refresh token", async () => {
    const { refresh } = await tokensOn(onRfc6749, on);
    expect((await refusalOf(withToken(refresh))).status).toBe(401);
  });

  it("a token from the moment its user disconnected, whatever the clock does", async () => {
    await disconnect(on.platform, "1", on.app.application.id);
    on.platform.step(-600);
    expect((await refusalOf()).status).toBe(401);
  });

  it("a token that expired", async () => {
    on.platform.step(3_600);
    expect((await refusalOf()).status).toBe(401);
  });

  it("a token that is for other resources, and takes one that is for its own (RFC 8707)", async () => {
    const other = await tokensOn(onRfc6749, on, { resource: "https://api.example/videos" });
    expect((await refusalOf(withToken(other.access))).status).toBe(401);
    const own = await tokensOn(onRfc6749, on, { resource });
    const result = await guardOf({ resourceRequired: true }).check(withToken(own.access));
    expect(result).toMatchObject({ outcome: "allowed", access: { resources: [resource] } });
  });

  it("a token for no resource where one is required", async () => {
    const refused = await refusalOf(withToken(access), [], guardOf({ resourceRequired: true }));
    expect(refused.status).toBe(401);
  });

  it("with 500, a log line and no detail when the store fails; it never rejects", async () => {
    const store = storeAround(async (name, run) => {
      if (name === "findGrant") throw new Error("disk full");
      return run();
    });
    const platform = testPlatform({ store });
    const guard = createGuard(platform, mounts.twitch, { resource });
    const refused = await refusalOf(withToken(access), [], guard);
    expect(refused.status).toBe(500);
    expect(JSON.stringify(refused.body)).not.toContain("disk");
    expect(platform.logged).toMatchObject([{ level: "error", event: "guard.refused", error: "server_error" }]);
  });

  it("and puts no token into the log", async () => {
    on.platform.logged.length = 0;
    await refusalOf(withToken(access), ["channel:moderate"]);
    expect(on.platform.logged).toHaveLength(1);
    expect(JSON.stringify(on.platform.logged)).not.toContain(access);
  });
});

describe("on Request and Response", () => {
  const ask = (headers: Record<string, string>) =>
    guardOf().checkRequest(new Request(resource, { headers }), ["chat:read"]);

  it("lets in and refuses the same", async () => {
    expect((await ask({ authorization: `Bearer ${access}` })).outcome).toBe("allowed");
    const refused = await ask({});
    if (refused.outcome === "allowed") throw new Error("allowed");
    expect(refused.response.status).toBe(401);
    expect(refused.response.headers.get("www-authenticate")).toContain("resource_metadata=");
    expect(refused.response.headers.get("content-type")).toBe("application/json");
  });

  it("RI-22: refuses a header that was sent twice", async () => {
    const headers = new Headers();
    headers.append("authorization", `Bearer ${access}`);
    headers.append("authorization", `Bearer ${access}`);
    const refused = await guardOf().checkRequest(new Request(resource, { headers }));
    expect(refused).toMatchObject({ outcome: "refused", response: { status: 400 } });
  });
});

describe("the metadata of the protected resource (RFC 9728)", () => {
  it("names the resource, byte for byte, and the server that gives tokens for it", () => {
    const guard = guardOf({ scopes: ["chat:read"], documentation: "https://api.example/docs" });
    expect(guard.metadataPath).toBe("/.well-known/oauth-protected-resource/photos");
    expect(JSON.parse(guard.metadata.body)).toEqual({
      resource,
      authorization_servers: ["http://localhost:8080"],
      scopes_supported: ["chat:read"],
      bearer_methods_supported: ["header"],
      resource_name: "Testbed",
      resource_documentation: "https://api.example/docs",
    });
    expect(guard.metadata.headers).toContain("application/json");
  });

  it.each([
    ["https://api.example", "/.well-known/oauth-protected-resource"],
    ["https://api.example/", "/.well-known/oauth-protected-resource"],
    ["https://api.example/v1/photos", "/.well-known/oauth-protected-resource/v1/photos"],
  ])("of %s stands at %s", (of, path) => {
    expect(guardOf({ resource: of }).metadataPath).toBe(path);
  });

  it.each(["photos", "/photos", "urn:photos", "https://api.example/#photos"])("refuses %s as a resource", (wrong) => {
    expect(() => guardOf({ resource: wrong })).toThrow(TypeError);
  });
});
