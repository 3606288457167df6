import type { Dialect } from "@codegrant/protocol";
import { recordEvent } from "../actions/record-event.ts";
import type { Browser } from "../browser.ts";
import type { RequestRecord } from "../message.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { Target } from "./authorization-target.ts";

/** One request that has passed the first zone. */
export interface Visit {
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly request: RequestRecord;
  readonly target: Target;
  readonly browser: Browser;
}

/** Logs and keeps what the person decided. */
export async function record({ platform, request, target, browser }: Visit, event: string, detail?: string) {
  const { id, clientId } = target.application;
  await recordEvent(forRequest(platform, request), {
    event,
    userId: browser.signedIn?.user.id,
    applicationId: id,
    clientId,
    ...(detail !== undefined && { detail }),
  });
}
