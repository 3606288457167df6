/**
 * What the server promises about one grant, in the fewest words: an independent statement of the rules, which the
 * server's answers are held against.
 */
export interface ModelGrant {
  readonly usesPkce: boolean;
  readonly approvedAt: number;
  ended: boolean;
  exchangedAt?: number;
  /** Which exchange made the tokens that count: a restored backup may see a code exchanged twice. */
  line: number;
  /** The refresh token that counts, its text, and the one whose use led to it. */
  current: number;
  text: string;
  before: number;
  /** When the current one came, or was last prolonged. */
  rotatedAt: number;
  access: number;
  accessRevokedThrough: number;
}

/** What differs from one application to another. */
export interface ModelRules {
  readonly rotates: boolean;
  readonly refusesReuse: boolean;
  readonly lateSeconds: number;
  readonly unusedSeconds: number;
}

/** A token as its holder knows it. */
export interface HeldToken {
  readonly text: string;
  readonly line: number;
  readonly generation: number;
  readonly expiresAt: number;
}

const codeSeconds = 60;
const retrySeconds = 30;

export function newGrant(usesPkce: boolean, now: number): ModelGrant {
  return {
    usesPkce,
    approvedAt: now,
    ended: false,
    line: 0,
    current: 0,
    text: "",
    before: 0,
    rotatedAt: now,
    access: 0,
    accessRevokedThrough: 0,
  };
}

export function exchanged(grant: ModelGrant, line: number, now: number): "tokens" | "refused" {
  if (grant.exchangedAt !== undefined) {
    const isDoubleCallback = grant.usesPkce && now - grant.exchangedAt <= 10;
    if (!isDoubleCallback) grant.ended = true;
    return "refused";
  }
  const isOutOfTime = now >= grant.approvedAt + codeSeconds || now < grant.approvedAt - 5;
  if (grant.ended || isOutOfTime) return "refused";
  Object.assign(grant, { exchangedAt: now, line, current: 1, before: 0, rotatedAt: now, access: 1 });
  return "tokens";
}

/** `same`: the current refresh token again, byte for byte. */
export type RefreshAnswer = "new" | "same" | "refused";

export function refreshed(grant: ModelGrant, token: HeldToken, rules: ModelRules, now: number): RefreshAnswer {
  const presented = token.generation;
  const isAhead = presented > grant.current;
  if (!isLiving(grant, rules, now) || token.line !== grant.line || (isAhead && now >= token.expiresAt))
    return "refused";
  if (presented < grant.current && presented !== grant.before) return theft(grant, rules);
  if (!rules.rotates) return prolong(grant, presented, now);
  if (presented >= grant.current) return rotate(grant, presented, presented + 1, now);
  const age = now - grant.rotatedAt;
  if (age > rules.lateSeconds && age > retrySeconds) return theft(grant, rules);
  if (age > retrySeconds) return rotate(grant, presented, grant.current + 1, now);
  return repeat(grant);
}

function theft(grant: ModelGrant, { refusesReuse }: ModelRules): "refused" {
  if (!refusesReuse) grant.ended = true;
  return "refused";
}

function rotate(grant: ModelGrant, before: number, current: number, now: number): "new" {
  Object.assign(grant, { before, current, rotatedAt: now, access: nextAccess(grant) });
  return "new";
}

function repeat(grant: ModelGrant): "same" {
  if (grant.access <= grant.accessRevokedThrough) grant.access = nextAccess(grant);
  return "same";
}

function prolong(grant: ModelGrant, presented: number, now: number): "new" | "same" {
  const isAhead = presented > grant.current;
  if (!isAhead && grant.rotatedAt === now) return repeat(grant);
  Object.assign(grant, { current: Math.max(grant.current, presented), rotatedAt: now, access: nextAccess(grant) });
  return isAhead ? "new" : "same";
}

const nextAccess = ({ access, accessRevokedThrough }: ModelGrant): number => Math.max(access, accessRevokedThrough) + 1;

function isLiving(grant: ModelGrant, { unusedSeconds }: ModelRules, now: number): boolean {
  return !grant.ended && grant.exchangedAt !== undefined && now < grant.rotatedAt + unusedSeconds;
}

export function accessIsAlive(grant: ModelGrant, token: HeldToken, rules: ModelRules, now: number): boolean {
  const isRevoked = token.generation <= grant.accessRevokedThrough;
  return isLiving(grant, rules, now) && token.line === grant.line && !isRevoked && now < token.expiresAt;
}

/** Whether introspection says so: a predecessor may be answered, but nobody should rely on it. */
export function refreshIsCurrent(grant: ModelGrant, token: HeldToken, rules: ModelRules, now: number): boolean {
  return isLiving(grant, rules, now) && token.line === grant.line && token.generation >= grant.current;
}

/** What the cleaner finds to be over stays over, whatever the clock does next. */
export function cleaned(grant: ModelGrant, { unusedSeconds }: ModelRules, isNewest: boolean, now: number): void {
  const isUnused = grant.exchangedAt === undefined;
  const diesAt = isUnused ? grant.approvedAt + codeSeconds : grant.rotatedAt + unusedSeconds;
  // The newest row stays, so that no id is given twice.
  if (now >= diesAt && !(isUnused && isNewest)) grant.ended = true;
}
