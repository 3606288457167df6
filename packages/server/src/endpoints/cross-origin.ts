import { isLoopbackRedirectUri } from "@codegrant/protocol";
import type { Endpoint, Message, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";

/**
 * Lets the pages of public applications call an endpoint from a browser (CORS): those of the origins they list, and of
 * loopback ones. Never with credentials, never `null`, never `*`; pages and authorize are never wrapped. Nothing here
 * reads a cookie, so an origin that may read an answer learns only what its request proved a right to.
 */
export function crossOrigin(platform: Platform, endpoint: Endpoint): Endpoint {
  const answerForeign = async (request: RequestRecord, origin: string): Promise<Message> => {
    const isAllowed = isLoopbackOrigin(origin) || (isWebOrigin(origin) && (await platform.store.hasOrigin(origin)));
    if (request.method === "OPTIONS") return isAllowed ? preflightMessage(request, allow(origin)) : refusedPreflight;
    const message = await endpoint(request);
    return { ...message, headers: [...message.headers, ...(isAllowed ? allow(origin) : ["Vary", "Origin"])] };
  };
  // Not async: a promise around a promise takes three turns of the queue to resolve.
  return (request) => {
    const origin = request.header("origin");
    return origin === undefined ? endpoint(request) : answerForeign(request, origin);
  };
}

/** Public facts: any page may read them, whatever headers it sends along. */
export const anyOrigin: readonly string[] = ["Access-Control-Allow-Origin", "*"];

const refusedPreflight: Message = { status: 403, headers: ["Vary", "Origin"], body: "" };

/** Lets a page send the headers it asks for. `allowed` says whose pages. */
export function preflightMessage(request: RequestRecord, allowed: readonly string[]): Message {
  const wanted = request.header("access-control-request-headers") ?? "";
  const headers = /^[\w\-, ]{0,1000}$/.test(wanted) ? wanted : "";
  return {
    status: 204,
    headers: [
      ...allowed,
      "Access-Control-Allow-Methods",
      "GET, POST",
      ...(headers === "" ? [] : ["Access-Control-Allow-Headers", headers]),
      "Access-Control-Max-Age",
      "600",
    ],
    body: "",
  };
}

function allow(origin: string): readonly string[] {
  return [
    "Access-Control-Allow-Origin",
    origin,
    "Access-Control-Expose-Headers",
    "Retry-After, WWW-Authenticate",
    "Vary",
    "Origin",
  ];
}

function isLoopbackOrigin(origin: string): boolean {
  return /^https?:\/\/[^/?#]+$/.test(origin) && isLoopbackRedirectUri(`${origin.replace(/^https:/, "http:")}/`);
}

function isWebOrigin(origin: string): boolean {
  return origin.length <= 300 && /^https:\/\/[^/?#\s]+$/.test(origin);
}
