import type { Fetch } from "@codegrant/client";
import { fingerprint } from "@codegrant/client";
import { type OnStep, withoutSecrets } from "./step.ts";

/** `fetch` that tells of each request and answer, naming what they carry and shortening every secret. */
export function createNarratedFetch(onStep: OnStep = () => undefined): Fetch {
  return async (url, init) => {
    const method = init.method ?? "GET";
    onStep({ from: "application", to: "platform", method, url: withoutSecrets(url), what: describeRequest(init) });
    const response = await fetch(url, init);
    const what = describeAnswer(await response.clone().text());
    onStep({ from: "platform", to: "application", status: response.status, what });
    return response;
  };
}

function describeRequest({ body, headers }: RequestInit): string {
  const authorization = new Headers(headers).get("authorization");
  const [scheme = "", credentials = ""] = authorization?.split(" ") ?? [];
  const fields = typeof body === "string" ? [...new URLSearchParams(body)].map(describeField) : [];
  return [...(authorization === null ? [] : [`Authorization: ${scheme} ${fingerprint(credentials)}`]), ...fields].join(
    " ",
  );
}

function describeAnswer(body: string): string {
  try {
    const members: unknown = JSON.parse(body);
    if (typeof members !== "object" || members === null) return body.slice(0, 100);
    return Object.entries(members)
      .filter(([name, value]) => value !== null && !name.startsWith("_"))
      .map(([name, value]) => describeField([name, Array.isArray(value) ? value.join(" ") : String(value)]))
      .join(" ");
  } catch {
    return `${body.length} characters that are no JSON`;
  }
}

const secretNames: ReadonlySet<string> = new Set([
  "access_token",
  "client_secret",
  "code",
  "code_verifier",
  "id_token",
  "refresh_token",
]);

function describeField([name, value]: readonly [string, string]): string {
  return `${name}=${secretNames.has(name) ? fingerprint(value) : value}`;
}
