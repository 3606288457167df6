import { formatProtectedResourceMetadata, protectedResourceMetadataUrl } from "@codegrant/protocol";
import { jsonMessage } from "../endpoints/api.ts";
import { responseOf, webHeaders } from "../http/fetch.ts";
import type { Message } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Mount } from "../routes.ts";
import { checkAccess, type GuardAccess, type GuardedRequest, type GuardResult } from "./check.ts";

export interface GuardOptions {
  /** What the API is called in `resource` (RFC 8707): an absolute https URL without a fragment, such as its address. */
  readonly resource: string;
  /** For people who read the metadata document. */
  readonly name?: string;
  readonly documentation?: string;
  /** The scopes this API knows, for its metadata document. All of the platform's unless given. */
  readonly scopes?: readonly string[];
  /**
   * Refuse tokens that name no resource at all. Off: such a token is good here, and one that names only others is not.
   */
  readonly resourceRequired?: boolean;
}

/** Stands before a platform's own API: lets in whoever holds a living access token with the scopes that a call needs. */
export interface Guard {
  /**
   * Checks a request that came in as a plain record (`nodeHeaders` makes one of a Node request). Never rejects.
   * The token and all that can end it are read in one step, so a Disconnect counts from the moment it is answered.
   */
  check(request: GuardedRequest, scopes?: readonly string[]): Promise<GuardResult>;
  /** The same for a `Request`. */
  checkRequest(request: Request, scopes?: readonly string[]): Promise<WebGuardResult>;
  /** The path, on the API's own host, of the document that the challenges point to (RFC 9728, 3.1). */
  readonly metadataPath: string;
  /** The answer to a GET of that path; any page may read it. */
  readonly metadata: Message;
}

export type WebGuardResult =
  | { readonly outcome: "allowed"; readonly access: GuardAccess }
  | { readonly outcome: "refused"; readonly response: Response };

/**
 * A guard for an API in the same process as its platform: no request in between, no copy of any token.
 * `mounted` are the addresses the server is made with: tokens of every dialect among them are good.
 * Throws a `TypeError` for a resource that is no absolute URL without a fragment.
 *
 * @example
 * ```ts
 * const guard = createGuard(platform, mounts.rfc6749, { resource: "https://api.example.com/photos" });
 *
 * async function listPhotos(request: Request): Promise<Response> {
 *   const checked = await guard.checkRequest(request, ["photos:read"]);
 *   if (checked.outcome === "refused") return checked.response;
 *   return Response.json({ photosOf: checked.access.userId });
 * }
 * ```
 */
export function createGuard(platform: Platform, mounted: readonly Mount[], options: GuardOptions): Guard {
  checkResource(options.resource);
  const metadataUrl = protectedResourceMetadataUrl(options.resource);
  const dialects = mounted.map(({ dialect }) => dialect);
  const context = {
    platform,
    schemes: [...new Set(dialects.flatMap(({ accessTokenSchemes }) => accessTokenSchemes))],
    dialects: [...new Map(dialects.map((dialect) => [dialect.family, dialect])).values()],
    resource: options.resource,
    resourceRequired: options.resourceRequired ?? false,
    metadataUrl,
  };
  const check: Guard["check"] = (request, scopes = []) => checkAccess(context, request, scopes);
  return {
    check,
    async checkRequest(request, scopes) {
      const result = await check(webHeaders(request.headers), scopes);
      return result.outcome === "allowed" ? result : { outcome: "refused", response: responseOf(result.message) };
    },
    metadataPath: new URL(metadataUrl).pathname,
    metadata: metadataOf(platform, options),
  };
}

function checkResource(resource: string): void {
  const isAbsolute = URL.canParse(resource) && /^https?:\/\//.test(resource) && !resource.includes("#");
  if (!isAbsolute) throw new TypeError(`A resource is an absolute http(s) URL without a fragment, not "${resource}"`);
}

function metadataOf({ settings }: Platform, { resource, name, documentation, scopes }: GuardOptions): Message {
  const body = formatProtectedResourceMetadata({
    resource,
    authorizationServers: [settings.issuer],
    scopesSupported: scopes ?? settings.scopes.all.map((scope) => scope.name),
    resourceName: name ?? settings.name,
    resourceDocumentation: documentation,
  });
  return jsonMessage(body, 200, ["Access-Control-Allow-Origin", "*"]);
}
