import { frameOf, pageMessage, readBrowser } from "../browser.ts";
import { type Endpoint, isRead } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type ScopesView, scopesPage } from "../pages/index.ts";
import type { Platform } from "../platform.ts";
import type { ScopeCatalogue } from "../scope-catalogue.ts";

/** Every scope in words, so that a developer can ask for the least. */
export function scopesEndpoint(platform: Platform): Endpoint {
  const groups = groupsOf(platform.settings.scopes);
  return async (request) => {
    if (!isRead(request)) throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD"] });
    const browser = await readBrowser(platform, request);
    return pageMessage(200, scopesPage({ ...frameOf(platform, request, browser), groups }));
  };
}

/** In the order in which each group is first named. */
function groupsOf({ all }: ScopeCatalogue): ScopesView["groups"] {
  const titles = [...new Set(all.map(({ group }) => group))];
  return titles.map((title) => ({ title, scopes: all.filter(({ group }) => group === title) }));
}
