import type { Dialect } from "@codegrant/protocol";
import type { Browser } from "../browser.ts";
import type { RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Target } from "./authorization-target.ts";

/** One request that has passed the first zone. */
export interface Visit {
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly request: RequestRecord;
  readonly target: Target;
  readonly browser: Browser;
}

/** Who asked and who decided, as every log line of the visit says it. */
export function identify({ request, target, browser }: Visit) {
  return {
    requestId: request.requestId,
    clientId: target.application.clientId,
    ...(browser.signedIn !== undefined && { userId: browser.signedIn.user.id }),
  };
}

/** The same for an event that is kept. */
export function auditOf({ platform, request, target, browser }: Visit) {
  return {
    at: platform.now(),
    requestId: request.requestId,
    applicationId: target.application.id,
    ...(browser.signedIn !== undefined && { userId: browser.signedIn.user.id }),
  };
}
