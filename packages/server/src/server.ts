import { basePathOf, frameOf, pageMessage } from "./browser.ts";
import { retryAfterSecondsOf } from "./endpoints/retry-after.ts";
import type { Endpoint, Message, RequestRecord } from "./message.ts";
import { PageError } from "./page-error.ts";
import { errorPage } from "./pages/index.ts";
import type { Platform } from "./platform.ts";
import { createRoutes, type Mount } from "./routes.ts";

/** Answers any request, and never rejects: what went wrong is a page or JSON, and a log line. */
export type Server = (request: RequestRecord) => Promise<Message>;

/**
 * The authorization server as one function; an adapter carries it (`createHandlers` has them all).
 *
 * @example
 * ```ts
 * import http from "node:http";
 *
 * const server = createServer(platform, mounts.twitch);
 * http.createServer(createNodeHandler(server)).listen(8080);
 * ```
 */
export function createServer(platform: Platform, mounted: readonly Mount[]): RoutedServer {
  const routes = createRoutes(platform, mounted);
  const basePath = basePathOf(platform);
  const answer: Server = async (request) => {
    try {
      return await (routes.get(request.path) ?? notFound)(request);
    } catch (error) {
      return errorMessage(platform, request, error);
    }
  };
  const owns = (path: string): boolean => routes.has(path) || (basePath !== "" && path.startsWith(`${basePath}/`));
  return Object.assign(answer, { owns });
}

/** A server that knows which paths are its own, so that an application around it can have the others. */
export interface RoutedServer extends Server {
  owns(path: string): boolean;
}

const notFound: Endpoint = async () => {
  throw new PageError(404, "notFound");
};

function errorMessage(platform: Platform, request: RequestRecord, cause: unknown): Message {
  const { requestId } = request;
  if (cause instanceof PageError) {
    const { detail } = cause.shown;
    platform.log({
      level: "info",
      event: "page.refused",
      requestId,
      error: cause.reason,
      ...(detail !== undefined && { detail }),
    });
  } else platform.log({ level: "error", event: "request.failed", requestId, cause });
  const error = cause instanceof PageError ? cause : failureOf(cause);
  const { headers = [], waitSeconds, ...shown } = error.shown;
  const html = errorPage({
    ...frameOf(platform, request),
    status: error.status,
    reason: error.reason,
    waitSeconds,
    ...shown,
  });
  const retryAfter = waitSeconds === undefined ? [] : ["Retry-After", String(waitSeconds)];
  return pageMessage(error.status, html, [...headers, ...retryAfter]);
}

function failureOf(cause: unknown): PageError {
  const waitSeconds = retryAfterSecondsOf(cause);
  return waitSeconds === undefined
    ? new PageError(500, "serverError")
    : new PageError(503, "unavailable", { waitSeconds });
}
