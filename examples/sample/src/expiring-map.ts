/** A map in memory that cannot grow for ever: the oldest entry makes room, and each ends after a while. */
export interface ExpiringMap<Value> {
  find(key: string, now: number): Value | undefined;
  keep(key: string, value: Value, now: number): void;
}

export function createExpiringMap<Value>(limits: {
  maximumCount: number;
  lifetimeSeconds: number;
}): ExpiringMap<Value> {
  const entries = new Map<string, { readonly value: Value; readonly endsAt: number }>();
  return {
    find(key, now) {
      const entry = entries.get(key);
      return entry !== undefined && entry.endsAt > now ? entry.value : undefined;
    },
    keep(key, value, now) {
      entries.delete(key);
      entries.set(key, { value, endsAt: now + limits.lifetimeSeconds });
      for (const [oldKey, { endsAt }] of entries) {
        if (endsAt > now && entries.size <= limits.maximumCount) break;
        entries.delete(oldKey);
      }
    },
  };
}
