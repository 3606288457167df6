import { type Dialect, OAuthError, parseAccessTokenHeader } from "@codegrant/protocol";
import { type Access, findAccess } from "../endpoints/access.ts";
import type { Message, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import { refusalMessage } from "./refusal.ts";

/** The part of a request that a guard looks at. */
export type GuardedRequest = Pick<RequestRecord, "header" | "headerCount"> & { readonly requestId?: string };

export type GuardResult =
  | { readonly outcome: "allowed"; readonly access: GuardAccess }
  /** Send it as it is. */
  | { readonly outcome: "refused"; readonly message: Message };

/** Whom a request comes from, and what they may do. */
export interface GuardAccess {
  /** The user on whose behalf; absent when the application speaks for itself (client credentials). */
  readonly userId?: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Those that the token is for; none: it names no resource. */
  readonly resources: readonly string[];
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface GuardContext {
  readonly platform: Platform;
  readonly schemes: readonly string[];
  /** One for each family: a token says by itself which one it is of. */
  readonly dialects: readonly Dialect[];
  readonly resource: string;
  readonly resourceRequired: boolean;
  readonly metadataUrl: string;
}

export async function checkAccess(
  context: GuardContext,
  request: GuardedRequest,
  needed: readonly string[],
): Promise<GuardResult> {
  try {
    const access = await requireAccess(context, request);
    checkResource(context, access);
    checkScopes(access, needed);
    return { outcome: "allowed", access: describeAccess(access) };
  } catch (cause) {
    const error = cause instanceof OAuthError ? cause : new OAuthError("server_error", { cause });
    return { outcome: "refused", message: refusalMessage(context, request, error, needed) };
  }
}

async function requireAccess({ platform, schemes, dialects }: GuardContext, request: GuardedRequest): Promise<Access> {
  // Which of two would count differs from server to server, so neither does.
  if (request.headerCount("authorization") > 1)
    throw new OAuthError("invalid_request", { reason: "access_token_malformed" });
  const text = parseAccessTokenHeader(request.header("authorization"), schemes);
  if (text === undefined) throw new OAuthError("invalid_token", { reason: "access_token_missing" });
  for (const dialect of dialects) {
    const access = await findAccess(platform, dialect, text);
    if (access !== undefined) return access;
  }
  throw new OAuthError("invalid_token", { reason: "access_token_invalid" });
}

/** A token for another API must not work here, or that API could use it (RFC 8707, 2; RFC 9700, 2.3). */
function checkResource({ resource, resourceRequired }: GuardContext, { resources }: Access): void {
  if (resources.includes(resource) || (resources.length === 0 && !resourceRequired)) return;
  throw new OAuthError("invalid_token", { reason: "access_token_invalid", detail: "it is for another resource" });
}

function checkScopes({ scopes }: Access, needed: readonly string[]): void {
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return;
  throw new OAuthError("insufficient_scope", { reason: "scope_insufficient", detail: `without ${missing.join(" ")}` });
}

function describeAccess({ token, application, scopes, resources, granted }: Access): GuardAccess {
  return {
    ...(granted !== undefined && { userId: granted.consent.userId }),
    clientId: application.clientId,
    scopes,
    resources,
    expiresAt: token.expiresAt,
  };
}
