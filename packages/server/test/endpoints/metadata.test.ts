import { describe, expect, it } from "vitest";
import { type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { send } from "../visitor.ts";

describe("the metadata document (RFC 8414)", () => {
  it.each([
    ["twitch", "/oauth"],
    ["rfc6749", "/oauth2"],
  ] as const)("of a %s server names endpoints that all answer (MD-05)", async (dialect, prefix) => {
    const platform = testPlatform({ dialect });
    const document = (await send(platform.server, "/.well-known/oauth-authorization-server")).json();
    expect(document).toMatchObject({
      issuer: "http://localhost:8080",
      authorization_endpoint: `http://localhost:8080${prefix}/authorize`,
      code_challenge_methods_supported: ["S256"],
      authorization_response_iss_parameter_supported: true,
    });
    for (const [name, address] of Object.entries(document)) {
      if (!name.endsWith("_endpoint") && name !== "service_documentation") continue;
      const path = String(address).slice("http://localhost:8080".length);
      const method = name.startsWith("authorization") || name === "service_documentation" ? "GET" : "POST";
      expect([name, (await send(platform.server, path, { method })).status]).not.toEqual([name, 404]);
    }
  });

  it.each(["twitch", "rfc6749"] as const)(
    "a %s server has RFC 6749 at /oauth, whatever else it has",
    async (dialect) => {
      const platform = testPlatform({ dialect });
      for (const name of ["token", "revoke", "introspect", "device"]) {
        const answer = await send(platform.server, `/oauth/${name}`, { method: "POST" });
        expect([name, answer.json()]).toEqual([name, expect.objectContaining({ error: expect.any(String) })]);
      }
      expect((await send(platform.server, "/oauth/authorize")).status).toBe(400);
    },
  );

  it("stands where RFC 8414 puts it for an issuer with a path, and below that path too (MD-02)", async () => {
    const platform = testPlatform({ settings: { issuer: "https://platform.example/connect" } });
    for (const path of [
      "/.well-known/oauth-authorization-server/connect",
      "/connect/.well-known/oauth-authorization-server",
    ])
      expect((await send(platform.server, path)).json()).toMatchObject({
        issuer: "https://platform.example/connect",
        token_endpoint: "https://platform.example/connect/oauth/token",
      });
    expect((await send(platform.server, "/.well-known/oauth-authorization-server")).status).toBe(404);
  });

  it("keeps its issuer whatever a request says of the host (MD-03)", async () => {
    const headers = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      forwarded: "host=evil.example",
    };
    const { body } = await send(testPlatform().server, "/.well-known/oauth-authorization-server", { headers });
    expect(body).not.toContain("evil.example");
  });

  it("is not there for Twitch's own paths, whose answers strict clients cannot read", async () => {
    expect((await send(testPlatform().server, "/oauth2/.well-known/oauth-authorization-server")).status).toBe(404);
  });
});

describe("browser origins (CORS)", () => {
  const preflight = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization, dpop",
  };

  async function platformWithPage(): Promise<{ platform: TestPlatform; app: Registered }> {
    const platform = testPlatform();
    const app = await registered(platform, { type: "public", settings: { origins: ["https://app.example"] } });
    return { platform, app };
  }

  it.each(["https://app.example", "http://localhost:5173", "http://127.0.0.1:3000"])(
    "let %s call the token endpoint",
    async (origin) => {
      const { platform } = await platformWithPage();
      const answer = await send(platform.server, "/oauth/token", {
        method: "OPTIONS",
        headers: { origin, ...preflight },
      });
      expect(answer.status).toBe(204);
      expect(answer.header("access-control-allow-origin")).toBe(origin);
      expect(answer.header("access-control-allow-headers")).toBe("authorization, dpop");
      expect(answer.header("access-control-allow-credentials")).toBeUndefined();
      const call = await send(platform.server, "/oauth/token", {
        method: "POST",
        headers: { origin },
        body: { grant_type: "x" },
      });
      expect(call.header("access-control-allow-origin")).toBe(origin);
    },
  );

  it.each([
    "https://evil.example",
    "null",
    "http://app.example",
    "https://app.example.evil.example",
    "http://localhost.evil.example",
  ])("keep %s out (TP-19)", async (origin) => {
    const { platform } = await platformWithPage();
    const answer = await send(platform.server, "/oauth/token", {
      method: "OPTIONS",
      headers: { origin, ...preflight },
    });
    expect(answer.header("access-control-allow-origin")).toBeUndefined();
    const call = await send(platform.server, "/oauth/token", {
      method: "POST",
      headers: { origin },
      body: { grant_type: "x" },
    });
    expect(call.header("access-control-allow-origin")).toBeUndefined();
  });

  it.each(["/oauth/authorize", "/oauth/introspect", "/settings/connections", "/oauth2/token", "/"])(
    "are never let in at %s (MD-06)",
    async (path) => {
      const { platform } = await platformWithPage();
      for (const method of ["OPTIONS", "GET", "POST"]) {
        const answer = await send(platform.server, path, {
          method,
          headers: { origin: "https://app.example", ...preflight },
        });
        expect(answer.header("access-control-allow-origin")).toBeUndefined();
      }
    },
  );

  it("may read the metadata document from anywhere, without credentials", async () => {
    const answer = await send(testPlatform().server, "/.well-known/oauth-authorization-server", {
      headers: { origin: "https://evil.example" },
    });
    expect(answer.header("access-control-allow-origin")).toBe("*");
    expect(answer.header("access-control-allow-credentials")).toBeUndefined();
  });

  it("may send headers of their own along with that, as MCP clients in a browser do", async () => {
    const answer = await send(testPlatform().server, "/.well-known/oauth-authorization-server", {
      method: "OPTIONS",
      headers: {
        origin: "https://evil.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "mcp-protocol-version",
      },
    });
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(answer.header("access-control-allow-origin")).toBe("*");
    expect(answer.header("access-control-allow-headers")).toBe("mcp-protocol-version");
    expect(answer.header("access-control-allow-credentials")).toBeUndefined();
  });
});
