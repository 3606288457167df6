import { OAuthError } from "@codegrant/protocol";
import { PageError } from "../page-error.ts";

/** Passwords queue for their hash and stop nothing else; when too many wait, this one is sent away early with a page. */
export async function orBusy<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof OAuthError) || error.status !== 503) throw error;
    throw new PageError(503, "unavailable", { waitSeconds: error.retryAfterSeconds ?? 1 });
  }
}
