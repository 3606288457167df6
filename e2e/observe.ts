import type { BrowserContext, Request } from "@playwright/test";

/**
 * What no page of ours may cause: a load from another origin or beyond this machine, anything in the console (the
 * browser tells of a violated policy there), a load that failed, a redirect that would post a form on.
 */
export function observe(context: BrowserContext): readonly string[] {
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (!harmless.some((pattern) => pattern.test(message.text()))) complaints.push(`console: ${message.text()}`);
  });
  context.on("weberror", (error) => complaints.push(`script: ${error.error().message}`));
  context.on("request", (request) => {
    if (isStray(request)) complaints.push(`leaves our origin: ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    const text = request.failure()?.errorText ?? "";
    // A navigation that another one replaces, as on a double click.
    if (!(request.isNavigationRequest() && text === "net::ERR_ABORTED"))
      complaints.push(`failed: ${request.url()} ${text}`);
  });
  context.on("response", (response) => {
    if ([307, 308].includes(response.status())) complaints.push(`${response.status()} of ${response.url()}`);
  });
  return complaints;
}

const harmless = [
  // Chromium's remark on every page that is not 200; each test looks at the page itself.
  /^Failed to load resource: the server responded with a status of 4\d\d/,
  // A test types faster than the page is drawn, into another field than the one that a person would begin with.
  /^Autofocus processing was blocked because a document already has a focused element/,
];

function isStray(request: Request): boolean {
  const url = new URL(request.url());
  if (url.protocol === "data:") return false;
  if (!["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) return true;
  return !request.isNavigationRequest() && url.origin !== new URL(request.frame().url()).origin;
}
