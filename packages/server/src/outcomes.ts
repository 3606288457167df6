import type { OAuthError } from "@codegrant/protocol";
import type { UriPart } from "./pages/index.ts";

/** What came of one request of an application. */
export interface Outcome {
  readonly at: number;
  readonly event: "approved" | "redeemed" | "refused";
  /** Why it was refused: as the wire says it, and what the log says beside it. No secret stands in either. */
  readonly error?: Pick<OAuthError, "code" | "reason" | "detail">;
  /** Where the redirect URI sent parts from the nearest registered one. */
  readonly redirectUriDiffersIn?: UriPart | undefined;
}

/**
 * The last outcomes of each application, so that its developer sees what was wrong. In memory of fixed size: strangers
 * can fill it with refusals, and it costs nothing but that.
 */
export interface Outcomes {
  note(applicationId: number, outcome: Outcome): void;
  /** Newest first, at most ten. */
  of(applicationId: number): readonly Outcome[];
  /** Epoch seconds: nothing from before is remembered. */
  readonly since: number;
}

const maximumEach = 10;
/** Beyond these the application longest quiet is forgotten. */
const maximumApplications = 10_000;

export function createOutcomes(since: number): Outcomes {
  const byApplication = new Map<number, readonly Outcome[]>();
  return {
    since,
    of: (applicationId) => byApplication.get(applicationId) ?? [],
    note(applicationId, outcome) {
      const before = byApplication.get(applicationId) ?? [];
      byApplication.delete(applicationId);
      byApplication.set(applicationId, [outcome, ...before].slice(0, maximumEach));
      const oldest = byApplication.size > maximumApplications ? byApplication.keys().next().value : undefined;
      if (oldest !== undefined) byApplication.delete(oldest);
    },
  };
}

/** Notes why an application was refused. */
export function noteRefusal(
  { outcomes, now }: { readonly outcomes: Outcomes; now(): number },
  applicationId: number,
  { code, reason, detail }: OAuthError,
): void {
  const error = { code, ...(reason !== undefined && { reason }), ...(detail !== undefined && { detail }) };
  outcomes.note(applicationId, { at: now(), event: "refused", error });
}
