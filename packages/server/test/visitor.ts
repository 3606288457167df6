import type { Message, RequestRecord, Server } from "@codegrant/server";
import { issuer } from "./platform.ts";

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A record is sent as a form. */
  readonly body?: string | Readonly<Record<string, string>>;
}

/** An answer with its headers by lower-case name. */
export interface Answer extends Message {
  header(name: string): string | undefined;
  /** Where a redirect leads, resolved against our own address. */
  readonly location: URL | undefined;
  json(): Record<string, unknown>;
}

/** One request straight to the server function. */
export async function send(server: Server, target: string, sent: Sent = {}): Promise<Answer> {
  return answerOf(await server(requestOf(target, sent)));
}

/** A browser without script: keeps cookies, reads forms, posts them. */
export interface Visitor {
  get(target: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(
    target: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** Posts the form that the page holds, with the fields typed in. */
  submit(target: string, page: Answer, typed: Readonly<Record<string, string>>): Promise<Answer>;
  readonly cookies: Map<string, string>;
}

export function visitor(server: Server): Visitor {
  const cookies = new Map<string, string>();
  const request = async (target: string, sent: Sent): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await send(server, target, { ...sent, headers: { ...(cookie && { cookie }), ...sent.headers } });
    keepCookies(cookies, answer);
    return answer;
  };
  return {
    cookies,
    get: (target, headers = {}) => request(target, { headers }),
    post: (target, body, headers = {}) => request(target, { method: "POST", body, headers }),
    submit: (target, page, typed) => request(target, { method: "POST", body: { ...hiddenFields(page), ...typed } }),
  };
}

/** The hidden fields of a page's main form: the last one that has an anti-forgery token and is not the sign-out form. */
export function hiddenFields(page: Answer): Record<string, string> {
  const main = page.body.slice(page.body.indexOf("<main"));
  const fields: Record<string, string> = {};
  for (const [tag] of main.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined) fields[name] = unescaped(/value="([^"]*)"/.exec(tag)?.[1] ?? "");
  }
  return fields;
}

const unescaped = (text: string): string =>
  text
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

export function requestOf(target: string, { method = "GET", headers = {}, body = "" }: Sent): RequestRecord {
  const mark = target.indexOf("?");
  const isForm = typeof body === "object";
  const all: Record<string, string> = isForm
    ? { "content-type": "application/x-www-form-urlencoded", ...headers }
    : { ...headers };
  return {
    method,
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? "" : target.slice(mark + 1),
    header: (name) => all[name],
    headerCount: (name) => (name in all ? 1 : 0),
    body: isForm ? new URLSearchParams(body).toString() : body,
    remoteAddress: "127.0.0.1",
    requestId: "test-request",
  };
}

function answerOf(message: Message): Answer {
  const header = (name: string): string | undefined => {
    const at = message.headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name);
    return at === -1 ? undefined : message.headers[at + 1];
  };
  const location = header("location");
  return {
    ...message,
    header,
    location: location === undefined ? undefined : new URL(location, issuer),
    json: () => JSON.parse(message.body) as Record<string, unknown>,
  };
}

function keepCookies(cookies: Map<string, string>, answer: Answer): void {
  answer.headers.forEach((name, i) => {
    if (i % 2 === 1 || name.toLowerCase() !== "set-cookie") return;
    const [, key = "", value = "", rest = ""] = /^([^=]+)=([^;]*)(.*)$/.exec(answer.headers[i + 1] ?? "") ?? [];
    if (/Max-Age=0\b/.test(rest)) cookies.delete(key);
    else cookies.set(key, value);
  });
}
