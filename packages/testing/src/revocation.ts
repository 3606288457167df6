import type { Provider } from "@codegrant/client";
import type { Call } from "./received.ts";

/** A revocation as that provider takes it, in the form that RFC 7009 gives it. `clientId`: whose token it is. */
export function toStandardRevocation({ revocation }: Provider, call: Call, clientId: string | undefined): Call {
  const { tokenIn = "form" } = revocation ?? {};
  if (tokenIn === "form") return call;
  const headers = new Headers(call.headers);
  const token = tokenIn === "header" ? takeBearer(headers) : tokenOfJson(call.body);
  headers.set("content-type", "application/x-www-form-urlencoded");
  headers.delete("content-length");
  const isProven = headers.has("authorization");
  const fields = new URLSearchParams({ token, ...(clientId !== undefined && !isProven && { client_id: clientId }) });
  const body = new TextEncoder().encode(fields.toString());
  return { ...call, method: "POST", headers, body };
}

/** And the answer back in the provider's own way. */
export function fromStandardRevocation({ revocation }: Provider, response: Response): Response {
  const { successStatus = 200 } = revocation ?? {};
  if (response.status !== 200 || successStatus === 200) return response;
  return new Response(null, { status: successStatus });
}

function takeBearer(headers: Headers): string {
  const token = (headers.get("authorization") ?? "").replace(/^Bearer /i, "");
  headers.delete("authorization");
  return token;
}

function tokenOfJson(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  const members: unknown = text.startsWith("{") ? JSON.parse(text) : {};
  const token = (members as { readonly access_token?: unknown }).access_token;
  return typeof token === "string" ? token : "";
}
