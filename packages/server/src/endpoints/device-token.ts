import type { DeviceCodeRequest, TokenResponse } from "@codegrant/protocol";
import { decideDevicePoll } from "../decide/device.ts";
import { deviceCodeHashOf } from "../device-codes.ts";
import { atMostThreeTimes } from "./at-most-three-times.ts";
import { redeemGrant, refuseIfDisabled } from "./exchange.ts";
import { narrowingOf } from "./grant-tokens.ts";
import { refuseIfLate } from "./in-time.ts";
import type { TokenContext } from "./token-context.ts";

/** Tokens for a device whose person approved (RFC 8628, 3.4); until then the answer says to go on polling. */
export async function pollDevice(context: TokenContext, sent: DeviceCodeRequest): Promise<TokenResponse> {
  const { platform, dialect, application } = context;
  const { store } = platform;
  const deviceRequest = await store.findDeviceRequest(deviceCodeHashOf(sent.deviceCode));
  const isTooFast = deviceRequest !== undefined && platform.pollPace.isTooFast(deviceRequest.id, platform.now());
  const response = await atMostThreeTimes(async () => {
    const answer = deviceRequest?.answer;
    const found = typeof answer === "object" ? await store.findGrant(answer.grantId) : undefined;
    refuseIfLate(context);
    const now = platform.now();
    const grant = decideDevicePoll({ deviceRequest, found, application, family: dialect.family, isTooFast, now });
    if (found !== undefined) await refuseIfDisabled(context, found, "device_code_invalid");
    return redeemGrant(context, grant, narrowingOf(grant, { resources: sent.resources }));
  });
  if (deviceRequest !== undefined) await removeSpent(context, deviceRequest.id);
  return response;
}

/** The grant's code is spent, so the request is of no more use; if this fails, the cleaner takes it in time. */
async function removeSpent({ platform, request: { requestId } }: TokenContext, id: number): Promise<void> {
  try {
    await platform.store.removeDeviceRequest(id);
  } catch (cause) {
    platform.log({ level: "error", event: "device.notRemoved", requestId, cause });
  }
}
