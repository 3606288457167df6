import type { DeviceRequest } from "../records.ts";
import type { Store } from "../store.ts";
import { keep, keyOfBytes, type Memory, nextId } from "./memory.ts";

type DeviceSteps = Pick<
  Store,
  | "createDeviceRequest"
  | "findDeviceRequest"
  | "findDeviceRequestByUserCode"
  | "declineDeviceRequest"
  | "removeDeviceRequest"
>;

export function deviceSteps(memory: Memory): DeviceSteps {
  const { deviceRequests } = memory;
  const all = (): DeviceRequest[] => [...deviceRequests.values()];
  const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => keyOfBytes(one) === keyOfBytes(other);

  return {
    async createDeviceRequest(request, { maximum }) {
      const living = all().filter(({ expiresAt }) => expiresAt > request.createdAt);
      if (living.some(({ userCodeHash }) => sameBytes(userCodeHash, request.userCodeHash))) return "taken";
      const { applicationId } = request;
      if (living.filter((one) => one.applicationId === applicationId).length >= maximum) return "full";
      const id = nextId(memory, "deviceRequest");
      deviceRequests.set(id, keep({ ...request, id }));
      return "created";
    },

    findDeviceRequest: async (deviceCodeHash) => all().find((one) => sameBytes(one.deviceCodeHash, deviceCodeHash)),

    findDeviceRequestByUserCode: async (userCodeHash, now) =>
      all().find((one) => one.expiresAt > now && one.answer === undefined && sameBytes(one.userCodeHash, userCodeHash)),

    async declineDeviceRequest(id) {
      const request = deviceRequests.get(id);
      if (request === undefined || request.answer !== undefined) return "answered";
      deviceRequests.set(id, keep({ ...request, answer: "declined" }));
      return "declined";
    },

    async removeDeviceRequest(id) {
      deviceRequests.delete(id);
    },
  };
}
