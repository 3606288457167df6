import { type Call, formOf } from "./received.ts";

/** What some platforms' requests have of their own, as columns of a provider. */
export interface OwnWays {
  readonly dialect?: { readonly clientIdName: string } | undefined;
  readonly requestBody?: "form" | "json" | undefined;
  readonly revocation?: { readonly tokenIn?: string | undefined; readonly tokenName?: string | undefined } | undefined;
  /** A header that holds the token alone. */
  readonly api?: { readonly baseUrl: string; readonly tokenHeader?: string | undefined } | undefined;
}

/** A request in the platform's own way as the standard has it, which is what our own server underneath reads. */
export function toStandard(ways: OwnWays, call: Call): Call {
  const url = new URL(call.url);
  const names = namesOf(ways);
  if (names.size > 0) url.search = rename(names, url.searchParams).toString();
  // The scripted browser brings the answer back by the query, whatever carries it.
  if (call.endpoint === "authorize") url.searchParams.delete("response_mode");
  return withTokenHeader(ways, withForm(ways, { ...call, url }));
}

function withForm(ways: OwnWays, call: Call): Call {
  const isJson =
    ways.requestBody === "json" && call.headers.get("content-type")?.startsWith("application/json") === true;
  const fields = isJson ? fieldsOfJson(call.body) : formOf(call);
  const tokenName = call.endpoint === "revoke" ? ways.revocation?.tokenName : undefined;
  const names = new Map([...namesOf(ways), ...(tokenName === undefined ? [] : [[tokenName, "token"] as const])]);
  if (fields.size === 0 || !(isJson || names.size > 0)) return call;
  const form = rename(names, fields);
  const headers = new Headers(call.headers);
  headers.set("content-type", "application/x-www-form-urlencoded");
  headers.delete("content-length");
  return { ...call, headers, body: new TextEncoder().encode(form.toString()) };
}

function withTokenHeader({ api }: OwnWays, call: Call): Call {
  const token = api?.tokenHeader === undefined ? null : call.headers.get(api.tokenHeader);
  if (token === null) return call;
  const headers = new Headers(call.headers);
  headers.set("authorization", `Bearer ${token}`);
  return { ...call, headers };
}

/** The standard's name for each of its own. */
function namesOf({ dialect }: OwnWays): ReadonlyMap<string, string> {
  const own = dialect?.clientIdName ?? "client_id";
  return own === "client_id" ? new Map() : new Map([[own, "client_id"]]);
}

function rename(names: ReadonlyMap<string, string>, fields: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...fields].map(([name, value]): [string, string] => [names.get(name) ?? name, value]));
}

function fieldsOfJson(body: Uint8Array): URLSearchParams {
  const text = new TextDecoder().decode(body);
  const members: unknown = text.startsWith("{") ? JSON.parse(text) : {};
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(members as object)) fields.set(name, String(value));
  return fields;
}
