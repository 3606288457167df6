import type { Platform } from "../platform.ts";
import type { Session } from "../records.ts";
import { recordEvent } from "./record-event.ts";

/** A browser that is signed in, for its user to look at. */
export interface SessionToShow {
  /** Names the session and opens nothing. */
  readonly id: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly label?: string;
}

/** Where a user is signed in: newest first, at most 50. */
export async function listSessions(platform: Platform, userId: string): Promise<readonly SessionToShow[]> {
  const sessions = await platform.store.listSessions(userId, platform.now());
  return sessions.map((session) => {
    const { createdAt, expiresAt, label } = session;
    return { id: idOf(session), createdAt, expiresAt, ...(label !== undefined && { label }) };
  });
}

/** Signs one browser of the user out. Unknown: it is signed out already, or never was theirs. */
export async function endSession(platform: Platform, userId: string, id: string): Promise<"ended" | "unknown"> {
  const session = (await platform.store.listSessions(userId, platform.now())).find((one) => idOf(one) === id);
  if (session === undefined) return "unknown";
  await platform.store.endSession(session.secretHash);
  await recordEvent(platform, { event: "session.ended", userId });
  return "ended";
}

/** Signs the user out everywhere, but for one session if it is given by its hash. */
export async function endSessions(platform: Platform, userId: string, except?: Uint8Array): Promise<void> {
  await platform.store.endSessions(userId, except);
  await recordEvent(platform, { event: "session.endedOthers", userId });
}

/** The start of the hash: enough to tell 50 sessions apart, and no way back to the secret. */
export const idOf = ({ secretHash }: Pick<Session, "secretHash">): string =>
  Buffer.from(secretHash).toString("hex").slice(0, 24);
