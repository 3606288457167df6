import type { Provider } from "@codegrant/client";
import type { HostUser } from "@codegrant/server";

export type Members = Record<string, unknown>;

/** The JSON of a successful answer, changed; anything else passes as it is. */
export async function changeJson(response: Response, change: (members: Members) => Members): Promise<Response> {
  if (response.status !== 200) return response;
  const text = await response.text();
  const members: unknown = text.startsWith("{") ? JSON.parse(text) : undefined;
  const changed = members === undefined ? text : JSON.stringify(change(members as Members));
  return new Response(changed, { status: response.status, headers: response.headers });
}

/** Whose token it is, at the paths where the provider tells it in such an answer. */
export function identityMembers(
  { identity = [] }: Provider,
  from: "userinfo" | "token_response" | "id_token",
  { id, login }: HostUser,
): Members {
  const members: Members = {};
  for (const source of identity) {
    if (source.from !== from) continue;
    put(members, source.id, id);
    if (source.login !== undefined) put(members, source.login, login);
  }
  return members;
}

function put(members: Members, [name, ...rest]: readonly string[], value: string): void {
  if (name === undefined) return;
  if (rest.length === 0) members[name] = value;
  else {
    const inner = members[name];
    const next: Members = typeof inner === "object" && inner !== null ? (inner as Members) : {};
    members[name] = next;
    put(next, rest, value);
  }
}
