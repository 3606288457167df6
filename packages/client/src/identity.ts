import type { TokenResponse } from "@codegrant/protocol";
import type { IdTokenClaims } from "./id-token.ts";
import type { Provider } from "./provider.ts";

/** Who approved, as far as the provider tells. */
export interface Identity {
  /** Stable for ever: keep accounts by it. */
  readonly id?: string | undefined;
  /** What people call the account; may change. */
  readonly login?: string | undefined;
}

/** Who approved, where the answer with the tokens says so. */
export function findIdentity(
  provider: Provider,
  response: TokenResponse,
  claims: IdTokenClaims | undefined,
): Identity | undefined {
  const places = { token_response: response.extra, id_token: claims } as const;
  for (const source of provider.identity ?? []) {
    if (source.from !== "token_response" && source.from !== "id_token") continue;
    const who = readIdentity(places[source.from], source);
    if (who !== undefined) return who;
  }
  return undefined;
}

/** The id and the login at their paths; `undefined` without an id. */
export function readIdentity(
  members: unknown,
  { id, login }: { readonly id: readonly string[]; readonly login?: readonly string[] | undefined },
): Identity | undefined {
  const found = textAt(members, id);
  if (found === undefined) return undefined;
  const name = login === undefined ? undefined : textAt(members, login);
  return name === undefined ? { id: found } : { id: found, login: name };
}

/** Some write ids as numbers. */
function textAt(members: unknown, path: readonly string[]): string | undefined {
  let value = members;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && value !== "" && value.length <= maximumLength ? value : undefined;
}

const maximumLength = 1_000;
