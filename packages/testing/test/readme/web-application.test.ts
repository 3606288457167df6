import { connect, spotify } from "@codegrant/client";
import { createTestProvider } from "@codegrant/testing";
import { expect, it } from "vitest";

it("connects a visitor of a web application", async () => {
  const redirectUri = "https://app.example/callback";
  const provider = await createTestProvider("spotify", { application: { redirectUris: [redirectUri] } });
  const application = connect(spotify, { ...provider.options, scopes: ["user-read-email"] });

  const started = await application.start(new Request("https://app.example/connect"));
  const callback = await provider.visit(started.headers.get("location") ?? "");
  const cookie = started.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const result = await application.finish(new Request(callback ?? "", { headers: { cookie } }));

  expect(result).toMatchObject({ status: "approved", who: { id: "1001", login: "ada" } });
});
