import { OAuthError } from "@codegrant/protocol";
import { expect, it } from "vitest";
import { advise } from "../../src/advice.ts";
import { classifyFailure } from "../../src/keeper/refresh-failure.ts";

it.each<[string, ConstructorParameters<typeof OAuthError>[0], ConstructorParameters<typeof OAuthError>[1], string]>([
  ["a dead refresh token", "invalid_grant", {}, "grant_refused"],
  ["a wrong secret", "invalid_client", {}, "client_refused"],
  ["a client that may not", "unauthorized_client", {}, "client_refused"],
  ["a dead token by that code", "unauthorized_client", { reason: "refresh_token_invalid" }, "grant_refused"],
  ["a code nobody knows", "no_such_code", {}, "grant_refused"],
  ["a server that is busy", "temporarily_unavailable", { status: 503 }, "not_done"],
])("%s at a refresh means what it should", (_what, code, init, kind) => {
  const error = advise(new OAuthError(code, init), { provider: { name: "example", title: "Example" } });
  expect(classifyFailure(error).kind).toBe(kind);
});
