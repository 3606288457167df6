import type { Store } from "../store.ts";
import { keep, keyOfBytes, type Memory } from "./memory.ts";

type ApplicationTokenSteps = Pick<
  Store,
  "listResources" | "hasOrigin" | "revokeApplicationToken" | "isApplicationTokenRevoked"
>;

export function applicationTokenSteps(memory: Memory): ApplicationTokenSteps {
  const { applications, deletedApplications, revokedTokens } = memory;
  const enabled = () =>
    [...applications.values()].filter(({ id, disabled }) => !disabled && !deletedApplications.has(id));

  return {
    async listResources() {
      const servers = enabled().filter(({ settings }) => settings.resourceServer === true);
      return [...new Set(servers.flatMap(({ settings }) => settings.resources ?? []))].slice(0, 200);
    },

    hasOrigin: async (origin) =>
      enabled().some(({ type, settings }) => type === "public" && settings.origins?.includes(origin) === true),

    async revokeApplicationToken({ applicationId, serial, expiresAt, now, maximum }) {
      const application = applications.get(applicationId);
      if (application === undefined) return;
      const living = new Map([...(revokedTokens.get(applicationId) ?? [])].filter(([, expiry]) => expiry > now));
      living.set(keyOfBytes(serial), expiresAt);
      if (living.size > maximum) {
        // Every token of the old epoch is dead now, so there is nothing left to remember.
        applications.set(applicationId, keep({ ...application, tokenEpoch: (application.tokenEpoch + 1) % 2 ** 32 }));
        living.clear();
      }
      revokedTokens.set(applicationId, living);
    },

    isApplicationTokenRevoked: async (applicationId, serial) =>
      revokedTokens.get(applicationId)?.has(keyOfBytes(serial)) === true,
  };
}
