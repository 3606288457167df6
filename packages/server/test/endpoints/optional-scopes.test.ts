import { createScopeCatalogue } from "@codegrant/server";
import { expect, it } from "vitest";
import { authorizeUrl, codeOf, exchange, signedIn } from "../flow.ts";
import { demoUser, registered, testPlatform } from "../platform.ts";

const scopes = createScopeCatalogue([
  { name: "photos:read", description: "see your photos", sensitive: false, group: "Photos" },
  { name: "friends:read", description: "see your friends", sensitive: false, optional: true, group: "People" },
]);

it.each([
  ["may be unticked where the platform calls it optional", undefined, ["photos:read"]],
  ["may not, where the application lists none as optional", [], ["photos:read", "friends:read"]],
] as const)("a scope %s", async (_, optionalScopes, granted) => {
  const platform = testPlatform({ settings: { scopes } });
  await demoUser(platform);
  const app = await registered(platform, { settings: optionalScopes === undefined ? {} : { optionalScopes } });
  const person = await signedIn(platform);
  const url = authorizeUrl(app, { scope: "photos:read friends:read" });
  const page = await person.get(url);
  expect(page.body.includes('type="checkbox" name="scope" value="friends:read"')).toBe(optionalScopes === undefined);
  const answer = await person.submit(url, page, { decision: "approve" });
  expect((await exchange(platform, app, codeOf(answer))).json()).toMatchObject({ scope: granted });
});
