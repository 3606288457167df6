import type { OAuthError } from "@codegrant/protocol";
import type { UriPart } from "./pages/uri-part.ts";

/** What came of one request of an application. */
export interface Outcome {
  readonly at: number;
  readonly event: "approved" | "redeemed" | "refused";
  /** Why it was refused: as the wire says it, and what the log says beside it. No secret stands in either. */
  readonly error?: Pick<OAuthError, "code" | "reason" | "detail">;
  /** Where the redirect URI sent parts from the nearest registered one. */
  readonly redirectUriDiffersIn?: UriPart | undefined;
}

/** Equal outcomes are one, so that a thousand wrong requests of a stranger stand in one line. */
export interface CountedOutcome extends Outcome {
  readonly count: number;
}

export interface RememberedOutcomes {
  /** Newest first, at most twenty. */
  readonly outcomes: readonly CountedOutcome[];
  /** Epoch seconds: nothing from before is remembered. */
  readonly since: number;
}

/**
 * The last outcomes of each application, so that its developer sees what was wrong. In memory of fixed size: whoever
 * knows a client id can add refusals, but neither fill the memory with them nor push the others out.
 */
export interface Outcomes {
  note(applicationId: number, outcome: Outcome): void;
  of(applicationId: number): RememberedOutcomes;
}

const maximumEach = 20;
/** What a stranger chooses is in the detail alone, so it takes no more places than these. */
const maximumAlike = 3;
const maximumDetailCharacters = 300;
/** Beyond these the application longest quiet is forgotten. */
const maximumApplications = 2_000;

export function createOutcomes(startedAt: number): Outcomes {
  const byApplication = new Map<number, RememberedOutcomes>();
  let since = startedAt;
  return {
    of: (applicationId) => byApplication.get(applicationId) ?? { outcomes: [], since },
    note(applicationId, outcome) {
      const before = byApplication.get(applicationId) ?? { outcomes: [], since };
      byApplication.delete(applicationId);
      byApplication.set(applicationId, {
        outcomes: withOutcome(before.outcomes, shorten(outcome)),
        since: before.since,
      });
      const oldest = byApplication.size > maximumApplications ? byApplication.keys().next().value : undefined;
      if (oldest === undefined) return;
      byApplication.delete(oldest);
      // Of whoever is not there, nothing is known from before now: they may be the one just forgotten.
      since = outcome.at;
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

function withOutcome(before: readonly CountedOutcome[], outcome: Outcome): readonly CountedOutcome[] {
  const same = before.find((one) => isAlike(one, outcome) && one.error?.detail === outcome.error?.detail);
  let alike = 1;
  const others = before.filter((one) => one !== same && (!isAlike(one, outcome) || ++alike <= maximumAlike));
  return [{ ...outcome, count: (same?.count ?? 0) + 1 }, ...others].slice(0, maximumEach);
}

function isAlike(one: Outcome, other: Outcome): boolean {
  return (
    one.event === other.event &&
    one.error?.code === other.error?.code &&
    one.error?.reason === other.error?.reason &&
    one.redirectUriDiffersIn === other.redirectUriDiffersIn
  );
}

function shorten(outcome: Outcome): Outcome {
  const { error } = outcome;
  const detail = error?.detail;
  if (error === undefined || detail === undefined || detail.length <= maximumDetailCharacters) return outcome;
  return { ...outcome, error: { ...error, detail: `${detail.slice(0, maximumDetailCharacters)}…` } };
}
