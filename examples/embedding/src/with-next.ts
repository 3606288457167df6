import { createGuard, createHandlers, mounts, responseOf } from "@codegrant/server";
import type { PhotoClub } from "./photo-club.ts";

type RouteHandler = (request: Request) => Promise<Response>;

/**
 * In Next, as route handlers. With an issuer of `https://photos.example.com/connect` the files are:
 *
 * - `app/connect/[[...path]]/route.ts` and `app/.well-known/oauth-authorization-server/connect/route.ts`:
 *   `export const { GET, POST, OPTIONS } = routes.codegrant;`
 * - `app/.well-known/oauth-protected-resource/api/photos/route.ts`: `export const { GET } = routes.photosMetadata;`
 * - `app/api/photos/route.ts`: `export const { GET } = routes.photos;`
 */
export function withNext({ platform, photosUrl }: PhotoClub): NextRoutes {
  const codegrant = createHandlers(platform, mounts.rfc6749);
  const guard = createGuard(platform, mounts.rfc6749, { resource: photosUrl });
  return {
    codegrant: { GET: codegrant.fetch, POST: codegrant.fetch, OPTIONS: codegrant.fetch },
    photosMetadata: { GET: async () => responseOf(guard.metadata) },
    photos: {
      GET: async (request) => {
        const checked = await guard.checkRequest(request, ["photos:read"]);
        if (checked.outcome === "refused") return checked.response;
        return Response.json({ photosOf: checked.access.userId });
      },
    },
  };
}

export interface NextRoutes {
  readonly codegrant: Readonly<Record<"GET" | "POST" | "OPTIONS", RouteHandler>>;
  readonly photosMetadata: { readonly GET: RouteHandler };
  readonly photos: { readonly GET: RouteHandler };
}
