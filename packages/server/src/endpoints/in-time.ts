import { OAuthError } from "@codegrant/protocol";
import type { TokenContext } from "./token-context.ts";

/**
 * With the seconds that a store lets a step wait it stays below the 30 in which a predecessor is forgiven: whoever asked
 * has given up by then, and a late answer to an old question could be taken for theft.
 */
const maximumUndecidedSeconds = 20;

/** Call it with the facts loaded and nothing applied: a step of the store that has begun decides, however long it takes. */
export function refuseIfLate({ platform, receivedAt }: Pick<TokenContext, "platform" | "receivedAt">): void {
  if (platform.now() - receivedAt <= maximumUndecidedSeconds) return;
  throw new OAuthError("temporarily_unavailable", { retryAfterSeconds: 1, detail: "undecided for too long" });
}
