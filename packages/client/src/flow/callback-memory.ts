/**
 * Remembers finished callbacks, so that the same one a second time (a reload, a page mounted twice, two at once) gets
 * the first one's result and sends nothing. It lives in this process: behind several processes, keep the result
 * beside the pending record and look there first.
 */
export interface CallbackMemory<Result> {
  /** The result under this key, started at most once while it is remembered. */
  once(key: string, nowSeconds: number, start: () => Promise<Result>): Promise<Result>;
}

export interface CallbackMemoryLimits {
  readonly maximumCount?: number;
  readonly lifetimeSeconds?: number;
  /** A failure for which this says yes is forgotten at once, so that the next try is a real one. */
  readonly isWorthAnotherTry: (error: unknown) => boolean;
}

/** Beyond `maximumCount` (1,000) the oldest is forgotten, and each after `lifetimeSeconds` (600). */
export function createCallbackMemory<Result>(limits: CallbackMemoryLimits): CallbackMemory<Result> {
  const { maximumCount = 1_000, lifetimeSeconds = 600, isWorthAnotherTry } = limits;
  // A Map keeps the order of insertion, which is the order of age.
  const entries = new Map<string, { readonly result: Promise<Result>; readonly forgetAt: number }>();

  function forgetOld(nowSeconds: number): void {
    for (const [key, entry] of entries) {
      if (entry.forgetAt > nowSeconds && entries.size < maximumCount) return;
      entries.delete(key);
    }
  }

  async function once(key: string, nowSeconds: number, start: () => Promise<Result>): Promise<Result> {
    const known = entries.get(key);
    if (known !== undefined && known.forgetAt > nowSeconds) return await known.result;
    entries.delete(key);
    forgetOld(nowSeconds);
    const entry = { result: start(), forgetAt: nowSeconds + lifetimeSeconds };
    entries.set(key, entry);
    try {
      return await entry.result;
    } catch (error) {
      if (isWorthAnotherTry(error) && entries.get(key) === entry) entries.delete(key);
      throw error;
    }
  }
  return { once };
}
