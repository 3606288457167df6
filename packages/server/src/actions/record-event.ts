import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";

/** Something rare that was done and is worth finding later. Never holds a secret. */
export interface Occurrence {
  /** A stable name such as `application.created`. */
  readonly event: string;
  readonly userId?: string | undefined;
  readonly applicationId?: number;
  readonly clientId?: string;
  readonly detail?: string;
}

/**
 * Writes one log line and keeps the event in the store. What it tells of has happened already, so a store
 * that cannot keep it is an error in the log and not of the person who did it: their answer may hold a
 * secret that is shown once.
 */
export async function recordEvent(platform: Platform, { userId, clientId, ...rest }: Occurrence): Promise<void> {
  const event = { ...rest, ...(userId === undefined ? {} : { userId }) };
  platform.log({ level: "info", ...event, ...(clientId === undefined ? {} : { clientId }) });
  try {
    const { requestId } = platform;
    await platform.store.recordEvent({ ...event, at: platform.now(), ...(requestId !== undefined && { requestId }) });
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error("The store threw something that is no error.");
    platform.log({ level: "error", event: "event.notKept", detail: rest.event, cause: error });
  }
}

/** The same for what happened to an application, under the name of its owner. */
export async function recordApplicationEvent(
  platform: Platform,
  what: "created" | "changed" | "secretRotated" | "disabled" | "enabled" | "deleted",
  { id, clientId, ownerId }: Application,
  detail?: string,
): Promise<void> {
  const event = `application.${what}`;
  const more = detail === undefined ? {} : { detail };
  await recordEvent(platform, { event, applicationId: id, clientId, userId: ownerId, ...more });
}
