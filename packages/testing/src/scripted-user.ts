import type { HostUser } from "@codegrant/server";

/** What a person does when a page asks for approval. */
export type UserAnswer =
  | "approve"
  | "decline"
  /** Closes the page: nothing ever comes back. */
  | "leave"
  /** Approves these scopes of those that are asked for. */
  | { readonly only: readonly string[] };

/** The person in front of the browser. Change it at any time; the next page is answered by it. */
export interface ScriptedUser {
  /** Who is signed in at the provider. Another one is another browser: `{ id: "2", login: "bob" }`. */
  account: HostUser;
  answer: UserAnswer;
}

export type Visit = (request: Request) => Promise<Response>;

/**
 * A visit to a page that asks, with the person's answer. Gives what the browser gets: the redirect to the application,
 * an error page, or, for one who leaves, the page they left.
 */
export async function answerPage(visit: Visit, url: URL, answer: UserAnswer): Promise<Response> {
  const page = await visit(new Request(url));
  const html = await page.text();
  const left = new Response(html === "" ? null : html, page);
  if (answer === "leave" || page.status !== 200 || !html.includes('name="decision"')) return left;
  const fields = fieldsOf(html);
  const form = new URLSearchParams({ decision: answer === "decline" ? "decline" : "approve" });
  for (const { name, value } of fields) if (["csrf", "form"].includes(name)) form.set(name, value);
  for (const { name, value } of fields) if (name === "scope" && isTicked(value, answer)) form.append(name, value);
  const headers = { cookie: cookiesOf(page), "content-type": "application/x-www-form-urlencoded" };
  return await visit(new Request(url, { method: "POST", headers, body: form.toString() }));
}

function isTicked(scope: string, answer: UserAnswer): boolean {
  return typeof answer === "string" || answer.only.includes(scope);
}

interface Field {
  readonly name: string;
  readonly value: string;
}

/** Enough HTML for our own server's pages, whose attributes are all quoted. */
function fieldsOf(html: string): readonly Field[] {
  return [...html.matchAll(/<input\b(?:[^>"]|"[^"]*")*>/g)].map(([tag]) => ({
    name: attributeOf(tag, "name"),
    value: attributeOf(tag, "value"),
  }));
}

function attributeOf(tag: string, name: string): string {
  const text = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return text.replace(/&(?:quot|#39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity);
}

const entities: Readonly<Record<string, string>> = {
  "&quot;": '"',
  "&#39;": "'",
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
};

function cookiesOf(page: Response): string {
  return page.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0] ?? "")
    .join("; ");
}
