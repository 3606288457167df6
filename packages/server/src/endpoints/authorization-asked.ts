import {
  type AuthorizationRequest,
  type Dialect,
  type Parameters,
  parseAuthorizationRequest,
} from "@codegrant/protocol";
import { checkAuthorizationRequest } from "../decide/authorize.ts";
import type { Platform } from "../platform.ts";
import type { Target } from "./authorization-target.ts";

/** What a valid authorization request asks for. */
export type Asked = Pick<AuthorizationRequest, "state" | "resources" | "prompt" | "forceConsent"> & {
  /** Those that a grant would have. */
  readonly scopes: readonly string[];
  readonly codeChallenge: string | undefined;
};

/** Everything about the request that is not about the person. Throws what the application is told. */
export function parseAsked(
  { platform, dialect, target }: { platform: Platform; dialect: Dialect; target: Target },
  parameters: Parameters,
): Asked {
  const request = parseAuthorizationRequest(parameters, dialect);
  const isKnownScope = (name: string): boolean => platform.settings.scopes.find(name) !== undefined;
  const scopes = checkAuthorizationRequest(request, target.application, dialect, isKnownScope);
  return { ...request, scopes, codeChallenge: request.codeChallenge };
}

export function promptIsNone(asked: Pick<Asked, "prompt">): boolean {
  return asked.prompt.includes("none");
}
