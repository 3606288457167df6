import { connect, twitch } from "@codegrant/client";
import { createTestProvider } from "@codegrant/testing";
import { expect, it } from "vitest";

it("survives an answer that got lost", async () => {
  const provider = await createTestProvider("twitch");
  const connection = connect(twitch, { ...provider.options, scopes: ["chat:read"] });
  await connection.login();
  provider.clock.advance(4 * 3_600);
  provider.misbehave("answerLost");
  await expect(connection.accessToken()).rejects.toThrow("could not be reached");
  provider.clock.advance(60);
  expect((await connection.fetch("/helix/users")).status).toBe(200);
});
