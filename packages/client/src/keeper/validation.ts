import { isConnectionError } from "../advice.ts";
import { validateToken } from "../calls/validate-token.ts";
import { fraction } from "./backoff.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { Account, Duty, KeeperParts } from "./keeper-parts.ts";
import { loginNeeded, troubleOf } from "./state.ts";

/** A provider's duty to have its sessions validated at their start and every so often, such as Twitch's hourly one. */
export function createValidation({ call, clock, lifetimes, provider, random, store }: KeeperParts): Duty {
  return {
    async findDead(of, record) {
      const { validateEverySeconds: every, endpoints } = provider;
      const tokens = record?.tokens;
      if (every === undefined || endpoints.validate === undefined || !lifetimes.isUsable(tokens)) return undefined;
      if (of.nextValidationAt !== undefined && clock.elapsed() < of.nextValidationAt) return undefined;
      // Never later than asked for, and not all processes at the same minute.
      of.nextValidationAt = clock.elapsed() + every * (0.8 + 0.2 * fraction(random));
      try {
        const validation = await validateToken(provider, tokens.accessToken, call);
        return validation.status === "dead" ? tokens.accessToken : undefined;
      } catch (error) {
        if (!isConnectionError(error)) throw error;
        of.nextValidationAt = clock.elapsed() + Math.min(every, 300);
        return undefined;
      }
    },
    async parkDead(of: Account, record: ConnectionRecord | undefined, dead: string) {
      const found = await store.find(of.name);
      const { tokens, trouble } = found?.record ?? {};
      if (found?.record === undefined || tokens?.accessToken !== dead || trouble !== undefined) return record;
      if (tokens?.refreshToken !== undefined) return record;
      const error = loginNeeded(found.record, provider);
      const parked = { ...found.record, trouble: troubleOf("needs_login", error, undefined, clock.now()) };
      // Whoever was faster knows more.
      await store.save(of.name, parked, found.version);
      return parked;
    },
  };
}
