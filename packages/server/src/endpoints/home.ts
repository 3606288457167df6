import { frameOf, pageMessage, readBrowser } from "../browser.ts";
import { type Endpoint, isRead } from "../message.ts";
import { PageError } from "../page-error.ts";
import { homePage } from "../pages/index.ts";
import type { Platform } from "../platform.ts";
import { addressesBelow } from "./addresses.ts";

/** What this server is, for whoever opens its address: the ways on, and the endpoints to point an application at. */
export function homeEndpoint(platform: Platform, addresses = addressesBelow(platform, "/oauth2")): Endpoint {
  const endpoints = [
    { name: "Authorize", url: addresses.authorizeUrl },
    { name: "Token", url: addresses.tokenUrl },
  ];
  return async (request) => {
    if (!isRead(request)) throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD"] });
    const browser = await readBrowser(platform, request);
    return pageMessage(200, homePage({ ...frameOf(platform, request, browser), endpoints }));
  };
}
