import { OAuthError } from "@codegrant/protocol";

/** Whoever loses against another request for the same grant loads and decides again; then the server is too busy. */
export async function atMostThreeTimes<T>(attempt: () => Promise<T | "lost">): Promise<T> {
  for (let i = 0; i < 3; i++) {
    const result = await attempt();
    if (result !== "lost") return result;
  }
  throw new OAuthError("temporarily_unavailable", { retryAfterSeconds: 1, detail: "lost three times" });
}
