import { wholeResourceMask, wholeScopeMask } from "./token.ts";

/** The scopes that a mask leaves of a grant's frozen list. */
export function scopesOfMask(scopes: readonly string[], mask: number): readonly string[] {
  return mask === wholeScopeMask ? scopes : scopes.filter((_, i) => (mask >> Math.min(i, 23)) & 1);
}

export function resourcesOfMask(resources: readonly string[], mask: number): readonly string[] {
  return mask === wholeResourceMask ? resources : resources.filter((_, i) => (mask >> i) & 1);
}

/**
 * The mask that leaves exactly `wanted`, or undefined when a mask cannot say it: a scope that was not granted, or one
 * of those beyond the 23rd without all of them.
 */
export function scopeMaskOf(scopes: readonly string[], wanted: readonly string[]): number | undefined {
  return maskOf(scopes, wanted, 23, wholeScopeMask);
}

/** At most eight resources a grant, so every choice of them has a mask. */
export function resourceMaskOf(resources: readonly string[], wanted: readonly string[]): number | undefined {
  return maskOf(resources, wanted, 7, wholeResourceMask);
}

function maskOf(all: readonly string[], wanted: readonly string[], lastBit: number, whole: number): number | undefined {
  const set = new Set(wanted);
  if (wanted.some((name) => !all.includes(name))) return undefined;
  if (all.every((name) => set.has(name))) return whole;
  const rest = all.slice(lastBit).map((name) => set.has(name));
  if (rest.includes(true) && rest.includes(false)) return undefined;
  return all.reduce((mask, name, i) => (set.has(name) ? mask | (1 << Math.min(i, lastBit)) : mask), 0);
}
