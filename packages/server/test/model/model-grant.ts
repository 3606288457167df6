/**
 * What the server promises about one grant, in the fewest words: an independent statement of the rules, which the
 * server's answers are held against.
 */
export interface ModelGrant {
  readonly usesPkce: boolean;
  readonly approvedAt: number;
  ended: boolean;
  exchangedAt?: number;
  /** The refresh token that counts, and the one whose use led to it. */
  current: number;
  before: number;
  rotatedAt: number;
  access: number;
  accessRevokedThrough: number;
}

export const codeSeconds = 60;
export const unusedSeconds = 90 * 86_400;
export const accessSeconds = 4 * 3_600;
export const retrySeconds = 30;

export function newGrant(usesPkce: boolean, now: number): ModelGrant {
  return {
    usesPkce,
    approvedAt: now,
    ended: false,
    current: 0,
    before: 0,
    rotatedAt: now,
    access: 0,
    accessRevokedThrough: 0,
  };
}

export type ExchangeAnswer = "tokens" | "refused";

export function exchanged(grant: ModelGrant, now: number): ExchangeAnswer {
  if (grant.exchangedAt !== undefined) {
    const isDoubleCallback = grant.usesPkce && now - grant.exchangedAt <= 10;
    if (!isDoubleCallback) grant.ended = true;
    return "refused";
  }
  const isOutOfTime = now >= grant.approvedAt + codeSeconds || now < grant.approvedAt - 5;
  if (grant.ended || isOutOfTime) return "refused";
  Object.assign(grant, { exchangedAt: now, current: 1, before: 0, rotatedAt: now, access: 1 });
  return "tokens";
}

export type RefreshAnswer = "new" | "same" | "refused";

export function refreshed(grant: ModelGrant, presented: number, expiresAt: number, now: number): RefreshAnswer {
  const isOver = grant.ended || grant.exchangedAt === undefined || now >= grant.rotatedAt + unusedSeconds;
  if (isOver || (presented > grant.current && now >= expiresAt)) return "refused";
  if (presented >= grant.current) return rotate(grant, presented, presented + 1, now);
  if (presented !== grant.before) {
    grant.ended = true;
    return "refused";
  }
  if (now - grant.rotatedAt > retrySeconds) return rotate(grant, presented, grant.current + 1, now);
  if (grant.access <= grant.accessRevokedThrough) grant.access = grant.accessRevokedThrough + 1;
  return "same";
}

function rotate(grant: ModelGrant, before: number, current: number, now: number): "new" {
  const access = Math.max(grant.access, grant.accessRevokedThrough) + 1;
  Object.assign(grant, { before, current, rotatedAt: now, access });
  return "new";
}

export function accessIsAlive(grant: ModelGrant, access: number, expiresAt: number, now: number): boolean {
  const isUsed = now < grant.rotatedAt + unusedSeconds;
  return !grant.ended && isUsed && access > grant.accessRevokedThrough && now < expiresAt;
}
