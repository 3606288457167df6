import { startTestProvider } from "@codegrant/testing";
import { expect, it } from "vitest";

it("is a platform on a port for programs in any language", async () => {
  const application = {
    clientId: "my-client",
    clientSecret: "my-secret",
    redirectUris: ["http://localhost:4000/callback"],
  };
  const provider = await startTestProvider("twitch", { application });
  const query = "client_id=my-client&redirect_uri=http://localhost:4000/callback&response_type=code&scope=";

  const answer = await fetch(`${provider.url}/oauth2/authorize?${query}`, { redirect: "manual" });
  expect(answer.headers.get("location")).toMatch(/^http:\/\/localhost:4000\/callback\?code=/);

  await provider.close();
});
