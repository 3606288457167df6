import type { Application, Consent, Grant } from "../records.ts";

export interface LivenessFacts {
  readonly grant: Grant;
  readonly consent: Consent;
  readonly application: Application;
}

/**
 * Whether nothing has ended the grant. Compares counters, never times, so that no step of the clock revives what was
 * ended; only the age of unused grants is a matter of time.
 */
export function isAlive({ grant, consent, application }: LivenessFacts, now: number): boolean {
  return (
    grant.ended === undefined &&
    grant.consentEpoch === consent.epoch &&
    grant.applicationEpoch === application.epoch &&
    grant.consentId === consent.id &&
    now < grant.expiresAt
  );
}
