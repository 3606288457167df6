import { describe, expect, it } from "vitest";
import { type ConsentView, consentPage, deviceConsentPage } from "../../src/pages/index.ts";
import { readTags, readText, type Tag } from "./markup.ts";
import { consent, consentWithEverything, deviceConsent, scope } from "./views.ts";

const cards = [
  { page: "of an application", html: consentPage(consentWithEverything) },
  { page: "of a device", html: deviceConsentPage(deviceConsent()) },
];

describe.each(cards)("the consent page $page", ({ html }) => {
  const [switching, answering] = formsOf(html);

  it("puts Decline first among the form's buttons, so that Enter in a field never approves", () => {
    expect(valuesOf(answering, "button")).toEqual(["decision=decline", "decision=approve"]);
  });

  it("gives Approve neither an id that a fragment could focus, nor autofocus (LC-25)", () => {
    const [, approve] = tagsOf(answering, "button");
    expect([...(approve?.attributes.keys() ?? [])].toSorted()).toEqual(["class", "name", "value"]);
    expect(html).not.toContain("autofocus");
  });

  it("offers another account in a form of its own, which cannot answer anything else", () => {
    expect(valuesOf(switching, "button")).toEqual(["decision=switch"]);
    expect(valuesOf(switching, "input")).toEqual(["csrf=csrf-token", "form=1773480413"]);
  });

  it("hides nothing in its form but the anti-forgery token and the date of the form", () => {
    const hidden = tagsOf(answering, "input").filter(({ attributes }) => attributes.get("type") === "hidden");
    expect(hidden.map(({ attributes }) => attributes.get("name"))).toEqual(["csrf", "form"]);
  });

  it("says who made the application, that nobody verified it, and who is signed in (LC-23)", () => {
    const text = readText(html);
    expect(text).toContain("Registered by alice");
    expect(text).toContain("Not verified by Codegrant");
    expect(text).toContain("Signed in as Demo User (demo)");
  });
});

describe("what the application asks for", () => {
  it("stands apart: what is new, what may be left out, what was allowed before", () => {
    const lists = readTags(consentPage(consentWithEverything)).filter(({ name }) => name === "ul");
    expect(lists.map(({ text }) => text)).toEqual([
      "Change your channel's title and game Sensitive",
      "Read and write in chat as you Sensitive Follow and unfollow channels for you",
      "Read your account: name, picture, and e-mail address See which channels you subscribe to",
      "https://api.platform.example/v2",
    ]);
  });

  it("is a ticked box where the application can do without it", () => {
    const boxes = readTags(consentPage(consentWithEverything)).filter(
      ({ attributes }) => attributes.get("name") === "scope",
    );
    expect(
      boxes.map(({ attributes }) => [attributes.get("value"), attributes.get("type"), attributes.has("checked")]),
    ).toEqual([
      ["chat_login", "checkbox", true],
      ["user_follows_edit", "checkbox", true],
    ]);
  });

  it.each<[string, ConsentView["scopes"], string]>([
    ["nothing", [], "It asks only to know that you approved."],
    ["nothing new", [{ ...scope.chat, granted: true }], "It asks for nothing new."],
    ["only what one may leave out", [{ ...scope.chat, optional: true }], "Only if you like:"],
    ["something for the first time", [scope.chat], "It asks to:"],
    ["something more", [scope.chat, { ...scope.follows, granted: true }], "New, it asks to:"],
    // Granted before: there is nothing left to untick.
    ["an optional one again", [{ ...scope.chat, optional: true, granted: true }], "You already allow it to:"],
  ])("is said plainly when it is %s", (_, scopes, sentence) => {
    expect(readText(consentPage(consent({ scopes })))).toContain(sentence);
  });
});

describe("where the person goes afterwards (LC-23)", () => {
  it.each([
    ["https://sample.example/callback", "Then you go back to sample.example."],
    ["https://sample.example:8443/callback", "Then you go back to sample.example:8443."],
    ["https://sample.example@evil.example/", "Then you go back to evil.example."],
    ["https://еxample.com/", "Then you go back to xn--xample-2of.com."],
    ["http://localhost/", "Then you go back to an application on this device (localhost)."],
    ["http://127.0.0.1:5050/callback", "Then you go back to an application on this device (127.0.0.1:5050)."],
    ["http://[::1]:5050/", "Then you go back to an application on this device ([::1]:5050)."],
    ["com.example.app:/callback", "Then you go back to an application on this device (com.example.app)."],
    ["http://127.0.0.1.evil.example/", "Then you go back to 127.0.0.1.evil.example."],
    ["http://localhost.evil.example/", "Then you go back to localhost.evil.example."],
  ])("%s is told as: %s", (redirectUri, sentence) => {
    expect(readText(consentPage(consent({ redirectUri })))).toContain(sentence);
  });
});

describe("who asks", () => {
  it.each<[string, Partial<ConsentView["application"]>, readonly string[], readonly string[]]>([
    ["one of a developer", {}, ["Registered by alice", "Not verified by Codegrant"], ["cannot prove"]],
    ["a public one", { type: "public" }, ["Not verified", "it cannot prove that it is the real one"], []],
    ["one whose developer left", { owner: undefined, ownerIsGone: true }, ["account is no more", "Not verified"], []],
    ["one of the operator", { owner: undefined }, ["Registered by the people who run Codegrant", "Not verified"], []],
    ["a verified one", { verified: true, type: "public" }, ["Verified by Codegrant"], ["Not verified", "cannot prove"]],
  ])("is described in words: %s", (_, change, said, unsaid) => {
    const application = { name: "Sample Application", owner: "alice", type: "confidential" as const, ...change };
    const text = readText(consentPage(consent({ application })));
    for (const sentence of said) expect(text).toContain(sentence);
    for (const sentence of unsaid) expect(text).not.toContain(sentence);
  });

  it("a device shows its code, to be compared", () => {
    expect(readText(deviceConsentPage(deviceConsent()))).toContain("Is this the code on your device? WDJB-MJHT");
  });
});

function formsOf(html: string): readonly [Tag, Tag] {
  const [first, second, ...more] = readTags(html).filter(({ name }) => name === "form");
  if (first === undefined || second === undefined || more.length > 0) throw new Error("Two forms were expected");
  return [first, second];
}

function tagsOf(form: Tag, name: string): readonly Tag[] {
  return form.inside.filter((tag) => tag.name === name);
}

function valuesOf(form: Tag, name: string): readonly string[] {
  return tagsOf(form, name).map(({ attributes }) => `${attributes.get("name")}=${attributes.get("value")}`);
}
