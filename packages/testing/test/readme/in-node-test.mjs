import assert from "node:assert/strict";
import test from "node:test";
import { connect, github } from "@codegrant/client";
import { createTestProvider } from "@codegrant/testing";

await test("a user who says no is a result and no exception", async () => {
  const provider = await createTestProvider("github");
  provider.user.answer = "decline";
  const connection = connect(github, { ...provider.options, scopes: ["read:user"] });
  assert.equal((await connection.login()).status, "declined");
});
