import { describe, expect, it } from "vitest";
import * as pages from "../../src/pages/index.ts";
import {
  applicationCreatedPage,
  type ConnectionsView,
  connectionsPage,
  devicePage,
  type ErrorView,
  errorPage,
  passwordResetPage,
  type SignInView,
  signInPage,
} from "../../src/pages/index.ts";
import { readTags, readText, type Tag } from "./markup.ts";
import { connections, created, device, error, everySample, passwordReset, signIn } from "./views.ts";

/** Name, kind and value of each field of a form, in order. */
function fieldsOf(form: Tag | undefined): readonly string[] {
  return (form?.inside ?? [])
    .filter(({ name, attributes }) => ["input", "textarea", "button"].includes(name) && attributes.has("name"))
    .map(({ attributes }) => `${attributes.get("name")}=${attributes.get("value") ?? ""}`);
}

const formsOf = (html: string): readonly Tag[] => readTags(html).filter(({ name }) => name === "form");
const inputOf = (html: string, field: string): ReadonlyMap<string, string> =>
  readTags(html).find(({ name, attributes }) => /^(?:input|textarea)$/.test(name) && attributes.get("name") === field)
    ?.attributes ?? new Map<string, string>();
const textOf = (html: string, id: string | undefined): string | undefined =>
  readTags(html).find(({ attributes }) => attributes.get("id") === id)?.text;

describe("the sign-in page", () => {
  it("asks for login and password in fields a password keeper knows", () => {
    const html = signInPage(signIn());
    expect(formsOf(html).map(fieldsOf)).toEqual([["csrf=csrf-token", "login=", "password="]]);
    expect(inputOf(html, "login").get("autocomplete")).toBe("username");
    expect(inputOf(html, "password").get("autocomplete")).toBe("current-password");
    expect(inputOf(html, "password").get("type")).toBe("password");
  });

  it("keeps the login that was typed, and never a password", () => {
    const html = signInPage(signIn({ login: "alice", problem: { kind: "wrongLoginOrPassword" } }));
    expect(inputOf(html, "login").get("value")).toBe("alice");
    expect(inputOf(html, "password").has("value")).toBe(false);
  });

  it.each<[string, Partial<SignInView>, string]>([
    ["who sent the person here", {}, "to continue to Sample Application"],
    ["whose account it is", { application: undefined }, "with your Codegrant account"],
    ["that it wants the password again", { signedInAs: { login: "demo", displayName: "Demo" } }, "Confirm it is you"],
    ["what was wrong", { problem: { kind: "wrongLoginOrPassword" } }, "Login and password do not match."],
    ["how long to wait", { problem: { kind: "tooManyTries", waitSeconds: 30 } }, "Please wait 30 seconds"],
    ["how long to wait, in minutes", { problem: { kind: "tooManyTries", waitSeconds: 91 } }, "Please wait 2 minutes"],
    ["that the form was too old", { problem: { kind: "formExpired" } }, "This form was open for too long"],
    ["whom to ask", {}, "Forgotten your password? Ask the people who run Codegrant"],
    ["whom to ask, as configured", { passwordHelp: "Ask ops." }, "Forgotten your password? Ask ops."],
    ["the demo's account", { hint: { login: "demo", password: "pw" } }, "sign in as demo with password pw"],
  ])("says %s", (_, change, sentence) => {
    expect(readText(signInPage(signIn(change)))).toContain(sentence);
  });
});

describe("a page shown again because something was wrong", () => {
  const again = everySample(pages).filter(({ name }) => /-(wrong|expired|wait|unknown|short|long|errors)$/.test(name));

  it.each(again.filter(({ name }) => name !== "error-wait"))("says so first: $name", ({ draw }) => {
    const tags = readTags(draw());
    const alerts = tags.filter(
      ({ attributes }) => attributes.get("role") === "alert" || attributes.has("aria-invalid"),
    );
    expect(alerts.length).toBeGreaterThan(0);
    expect(tags.find(({ name }) => name === "title")?.text).toMatch(/^Problem: /);
  });
});

describe("the form to register an application", () => {
  const withErrors = (errors: NonNullable<ConnectionsView["registration"]>["errors"]): string =>
    connectionsPage(
      connections({ registration: { values: { name: "N", redirectUri: "http://x/#", type: "public" }, errors } }),
    );

  it("asks for name, redirect URIs and type, and for a category and PKCE if one likes", () => {
    expect(fieldsOf(formsOf(connectionsPage(connections())).at(-1))).toEqual([
      "csrf=csrf-token",
      "name=",
      "redirect_uri=",
      "type=confidential",
      "type=public",
      "category=",
      "pkce=optional",
      "action=register",
    ]);
  });

  it("keeps what was typed", () => {
    const html = withErrors({ redirectUri: "No fragment, please." });
    expect(inputOf(html, "name").get("value")).toBe("N");
    expect(textOf(html, "redirect_uri")).toBe("http://x/#");
    const chosen = readTags(html).filter(
      ({ attributes }) => attributes.get("type") === "radio" && attributes.has("checked"),
    );
    expect(chosen.map(({ attributes }) => attributes.get("value"))).toEqual(["public"]);
  });

  it("says what is wrong at the field, tied to it for a screen reader", () => {
    const html = withErrors({ redirectUri: "No fragment, please." });
    const field = inputOf(html, "redirect_uri");
    expect(field.get("aria-invalid")).toBe("true");
    const described = field.get("aria-describedby")?.split(" ") ?? [];
    expect(described.map((id) => textOf(html, id))).toEqual([
      expect.stringContaining("http://localhost/"),
      "No fragment, please.",
    ]);
    expect(inputOf(html, "name").has("aria-invalid")).toBe(false);
  });

  it("sums up the errors above, each leading to its field", () => {
    const html = withErrors({ name: "A name, please.", type: "Choose one.", form: "Nothing was registered." });
    const [summary] = readTags(html).filter(({ attributes }) => attributes.get("role") === "alert");
    expect(summary?.text).toBe("Nothing was registered. 2 fields need another look A name, please. Choose one.");
    const links = summary?.inside.filter(({ name }) => name === "a") ?? [];
    expect(links.map(({ attributes }) => attributes.get("href"))).toEqual(["#name", "#type"]);
  });
});

describe("the Connections page", () => {
  it("has a form to disconnect each application, which says which one", () => {
    const forms = formsOf(connectionsPage(connections())).filter((form) =>
      fieldsOf(form).includes("action=disconnect"),
    );
    expect(forms.map(fieldsOf)).toEqual(
      ["101", "102", "103"].map((id) => ["csrf=csrf-token", `application=${id}`, "action=disconnect"]),
    );
    expect(forms.map(({ text }) => text)).toEqual([
      "Disconnect Sample Application",
      "Disconnect Overlay Studio",
      "Disconnect Hello World",
    ]);
  });

  it("tells times in words, with the moment in UTC behind them", () => {
    const times = readTags(connectionsPage(connections())).filter(({ name }) => name === "time");
    expect(
      times.slice(0, 3).map(({ text, attributes }) => [text, attributes.get("datetime"), attributes.get("title")]),
    ).toEqual([
      ["3 days ago", "2026-03-11T09:26:53Z", "2026-03-11T09:26:53Z"],
      ["today", "2026-03-14", "2026-03-14"],
      ["3 months ago", "2025-12-09T09:26:53Z", "2025-12-09T09:26:53Z"],
    ]);
  });
});

describe("a new application", () => {
  it("shows its secret, and says that it does so once (LC-42)", () => {
    const text = readText(applicationCreatedPage(created()));
    expect(text).toContain("Client secret sT4k9Qw2Lr8Zx1Vb6Nm3Hj7Pd5Fg0Cy");
    expect(text).toContain("shown only once");
  });

  it("has no secret when it is public", () => {
    const text = readText(applicationCreatedPage(created({ clientSecret: undefined })));
    expect(text).not.toContain("Client secret");
    expect(text).toContain("A public application has no secret.");
  });

  it("puts its secret nowhere but in the text of the page: not in an address, not in a field", () => {
    const tags = readTags(applicationCreatedPage(created()));
    const values = tags.flatMap(({ attributes }) => [...attributes.values()]);
    expect(values.filter((value) => value.includes("sT4k9Qw2Lr8Zx1Vb6Nm3Hj7Pd5Fg0Cy"))).toEqual([]);
  });
});

describe("the page to set a new password", () => {
  it("sends the new password alone, and shows a password keeper whose it is", () => {
    const html = passwordResetPage(passwordReset());
    expect(formsOf(html).map(fieldsOf)).toEqual([["csrf=csrf-token", "password="]]);
    expect(inputOf(html, "password").get("autocomplete")).toBe("new-password");
    expect(inputOf(html, "password").get("minlength")).toBe("8");
    const login = readTags(html).find(({ attributes }) => attributes.get("autocomplete") === "username");
    expect([login?.attributes.get("value"), login?.attributes.has("readonly")]).toEqual(["demo", true]);
  });
});

describe("the page for a device's code", () => {
  it("asks for the code, and keeps the one that came in the address", () => {
    const html = devicePage(device());
    expect(formsOf(html).map(fieldsOf)).toEqual([["csrf=csrf-token", "user_code=WDJB-MJHT"]]);
  });
});

describe("an error page", () => {
  it.each<[ErrorView["status"], string, string]>([
    [400, "This link does not work", "start again from there"],
    [403, "This is not yours to open", "another account"],
    [404, "There is nothing here", "start page"],
    [405, "This page cannot be used that way", "Go back"],
    [413, "That was too much at once", "Send less"],
    [429, "A little slower, please", "Wait a moment"],
    [500, "Something went wrong on our side", "tell the people who run Codegrant the request number"],
    [503, "We are busy right now", "in a little while"],
  ])("says what %i means and what to do", (status, title, advice) => {
    const text = readText(errorPage(error({ status })));
    expect(text).toContain(title);
    expect(text).toContain(advice);
  });

  it("says how long to wait where that is known", () => {
    expect(readText(errorPage(error({ status: 429, waitSeconds: 1 })))).toContain("Please try again in 1 second.");
  });

  it("tells a developer what was sent and in which part it differs", () => {
    const details = [{ name: "redirect_uri", value: "http://localhost:81/" }];
    const view = error({ status: 400, reason: "redirectUriMismatch", redirectUriDiffersIn: "port", details });
    expect(readText(errorPage(view))).toContain("it differs in the port");
    expect(readText(errorPage(view))).toContain("redirect_uri http://localhost:81/");
  });
});
