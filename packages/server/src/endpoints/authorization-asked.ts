import {
  type AuthorizationRequest,
  type Dialect,
  type Parameters,
  parseAuthorizationRequest,
} from "@codegrant/protocol";
import { checkAuthorizationRequest, checkResources } from "../decide/authorize.ts";
import type { Platform } from "../platform.ts";
import type { Target } from "./authorization-target.ts";

/** What a valid authorization request asks for. */
export type Asked = Pick<AuthorizationRequest, "state" | "resources" | "prompt" | "forceConsent"> & {
  /** Those that a grant would have. */
  readonly scopes: readonly string[];
  readonly codeChallenge: string | undefined;
};

/** Everything about the request that is not about the person. Throws what the application is told. */
export async function parseAsked(
  { platform, dialect, target }: { platform: Platform; dialect: Dialect; target: Target },
  parameters: Parameters,
): Promise<Asked> {
  const request = parseAuthorizationRequest(parameters, dialect);
  const isKnownScope = (name: string): boolean => platform.settings.scopes.find(name) !== undefined;
  const scopes = checkAuthorizationRequest(request, target.application, dialect, isKnownScope);
  if (request.resources.length > 0) checkResources(request.resources, await knownResources(platform));
  const { state, resources, prompt, forceConsent, codeChallenge } = request;
  const asked = { scopes, resources, prompt, forceConsent, codeChallenge };
  return state === undefined ? asked : { ...asked, state };
}

export function promptIsNone(asked: Pick<Asked, "prompt">): boolean {
  return asked.prompt.includes("none");
}

/** Those that the platform's settings name, and those that its resource servers stand for (RFC 8707). */
export async function knownResources({ settings, store }: Platform): Promise<readonly string[]> {
  return [...(settings.resources ?? []), ...(await store.listResources())];
}
