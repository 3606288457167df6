import { endUserGrants, type HostUser } from "@codegrant/server";
import { lookAt } from "./look.ts";
import { startMountedPlatform } from "./mounted-platform.ts";
import { authorizeUrl, newPerson, register } from "./platform.ts";
import { approve, expect, type Page, signIn, test } from "./stage.ts";

const basePath = "/club/connect";

const logo = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="14" fill="#7a2e8e"/></svg>').toString("base64")}`;

/** Everything on the page that leads anywhere here, leads below our own path. */
async function expectOwnAddresses(page: Page): Promise<void> {
  const strays = await page
    .locator("a[href], form[action], link[href], img[src]")
    .evaluateAll(
      (elements, base) =>
        elements
          .map((element) => ["href", "action", "src"].map((name) => element.getAttribute(name)).find(Boolean) ?? "")
          .filter((address) => address.startsWith("/") && address !== base && !address.startsWith(`${base}/`)),
      basePath,
    );
  expect(strays, page.url()).toEqual([]);
}

test("below a path of a host every page, link, form and cookie still works", async ({ page, callbackAt }) => {
  const platform = await startMountedPlatform({
    basePath,
    settings: { look: { accent: "#7a2e8e", logo }, footer: "Photo club, Harbour Street 3" },
  });
  const callback = await callbackAt();
  const person = await newPerson(platform);
  const application = await register(platform, callback.redirectUri, { settings: { pkce: "optional" } });
  await page.goto(authorizeUrl(platform, application, { scope: "user:read:email" }));
  await expectOwnAddresses(page);
  await signIn(page, person);
  await expectOwnAddresses(page);
  await lookAt(page, "mounted-consent");
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();

  for (const path of ["", "/", "/device", "/docs/authorization-code", "/settings/password", "/docs/scopes"]) {
    const answer = await page.goto(`${platform.url}${path}`);
    expect([path, answer?.status()]).toEqual([path, 200]);
    await expectOwnAddresses(page);
  }
  await page.getByRole("navigation").getByRole("link", { name: "Connections" }).click();
  await lookAt(page, "mounted-connections");
  await page.getByRole("button", { name: "Disconnect Photo printer" }).click();
  await expect(page.getByRole("status")).toContainText("Photo printer is disconnected");
  await page.getByLabel("Name", { exact: true }).fill("Weather station");
  await page.getByLabel("Redirect URIs").fill(callback.redirectUri);
  await page.getByRole("button", { name: "Register" }).click();
  await expectOwnAddresses(page);
  await page.getByRole("link", { name: "Back to Connections" }).click();
  await page.getByRole("link", { name: "Weather station" }).click();
  await expectOwnAddresses(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.getByRole("link", { name: person.login }).click();
  await expectOwnAddresses(page);
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page.getByLabel("Password")).toBeVisible();
  expect(new URL(page.url()).pathname.startsWith(basePath)).toBe(true);
  await platform.close();
});

test("a host's member signs in at the host, comes back to the very request, and loses all when the host says so", async ({
  page,
  callbackAt,
}) => {
  const member: HostUser = { id: "member-42", login: "ada@club.example", displayName: "Ada Lovelace" };
  const callback = await callbackAt();
  const platform = await startMountedPlatform({
    basePath,
    accounts: {
      authenticate: async (request) =>
        request.header("cookie")?.includes("club=ada") === true
          ? member
          : { signInUrl: "/login", returnParameter: "next" },
      findUser: async (id) => (id === member.id ? member : undefined),
    },
    host: (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      if (pathname !== "/login") return void response.writeHead(404).end();
      if (request.method === "GET") return void response.writeHead(200, { "Content-Type": "text/html" }).end(loginPage);
      response.writeHead(303, { "Set-Cookie": "club=ada; Path=/", Location: searchParams.get("next") ?? "/" }).end();
    },
  });
  const application = await register(platform, callback.redirectUri, { settings: { pkce: "optional" } });
  const url = authorizeUrl(platform, application, { scope: "user:read:email" });
  await page.goto(url);
  await expect(page.getByRole("heading", { name: "The club's own sign-in" })).toBeVisible();
  await page.getByRole("button", { name: "Come in" }).click();
  await expect(page.getByText("Ada Lovelace (ada@club.example)")).toBeVisible();
  expect(page.url()).toBe(url);
  await expect(page.getByRole("button", { name: "Sign out" })).toHaveCount(0);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();

  await page.goto(`${platform.url}/settings/connections`);
  await expect(page.getByRole("button", { name: "Disconnect Photo printer" })).toBeVisible();
  expect((await page.goto(`${platform.url}/settings/password`))?.status()).toBe(404);
  await endUserGrants(platform.platform, member.id, "password");
  await page.goto(`${platform.url}/settings/connections`);
  await expect(page.getByText("No application has access to your account.")).toBeVisible();
  await expect(page.getByText("Your password was changed. Connect it again from the application.")).toBeVisible();
  await platform.close();
});

const loginPage = `<!doctype html><html lang="en"><title>Club</title><link rel="icon" href="data:,">
<h1>The club's own sign-in</h1><form method="post"><button>Come in</button></form>`;
