import { type Call, formOf } from "./received.ts";

/** What some platforms' requests have of their own, as columns of a provider. */
export interface OwnWays {
  /** `{ client_id: "client_key" }`: the name here for the standard's. */
  readonly parameterNames?: Readonly<Record<string, string>> | undefined;
  readonly requestBody?: "form" | "json" | undefined;
  readonly revocation?: { readonly tokenIn?: string | undefined; readonly tokenName?: string | undefined } | undefined;
  /** A header that holds the token alone. */
  readonly api?: { readonly baseUrl: string; readonly tokenHeader?: string | undefined } | undefined;
}

/** A request in the platform's own way as the standard has it, which is what our own server underneath reads. */
export function toStandard(ways: OwnWays, call: Call): Call {
  const url = new URL(call.url);
  if (ways.parameterNames !== undefined) url.search = rename(ways, url.searchParams).toString();
  // The scripted browser brings the answer back by the query, whatever carries it.
  if (call.endpoint === "authorize") url.searchParams.delete("response_mode");
  return withTokenHeader(ways, withForm(ways, { ...call, url }));
}

function withForm(ways: OwnWays, call: Call): Call {
  const isJson =
    ways.requestBody === "json" && call.headers.get("content-type")?.startsWith("application/json") === true;
  const fields = isJson ? fieldsOfJson(call.body) : formOf(call);
  const tokenName = call.endpoint === "revoke" ? ways.revocation?.tokenName : undefined;
  if (fields.size === 0 || !(isJson || tokenName !== undefined || ways.parameterNames !== undefined)) return call;
  const form = rename(
    { parameterNames: { ...ways.parameterNames, ...(tokenName !== undefined && { token: tokenName }) } },
    fields,
  );
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

function rename({ parameterNames = {} }: Pick<OwnWays, "parameterNames">, fields: URLSearchParams): URLSearchParams {
  const standard = new Map(Object.entries(parameterNames).map(([name, own]) => [own, name]));
  return new URLSearchParams([...fields].map(([name, value]): [string, string] => [standard.get(name) ?? name, value]));
}

function fieldsOfJson(body: Uint8Array): URLSearchParams {
  const text = new TextDecoder().decode(body);
  const members: unknown = text.startsWith("{") ? JSON.parse(text) : {};
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(members as object)) fields.set(name, String(value));
  return fields;
}
