import { type DialectFamily, OAuthError } from "@codegrant/protocol";
import type { Application, DeviceRequest, Grant } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { isAlive } from "./liveness.ts";

export interface DevicePollFacts {
  readonly deviceRequest: DeviceRequest | undefined;
  /** The grant that the person's approval made, if there was one. */
  readonly found: GrantFacts | undefined;
  readonly application: Application;
  readonly family: DialectFamily;
  /** The device polls faster than it was told to. */
  readonly isTooFast: boolean;
  readonly now: number;
}

/** The grant whose tokens the device gets; throws what it is told otherwise (RFC 8628, 3.5). */
export function decideDevicePoll(facts: DevicePollFacts): Grant {
  const { deviceRequest, found, application, family, isTooFast, now } = facts;
  if (deviceRequest === undefined) throw unknown("no such device code");
  if (deviceRequest.applicationId !== application.id) throw unknown("a device code of another application");
  if (deviceRequest.family !== family) throw unknown("a device code of another dialect's family");
  if (deviceRequest.expiresAt <= now) throw new OAuthError("expired_token", { reason: "device_code_invalid" });
  if (isTooFast) throw new OAuthError("slow_down");
  if (deviceRequest.answer === undefined)
    throw new OAuthError("authorization_pending", { reason: "authorization_pending" });
  if (deviceRequest.answer === "declined")
    throw new OAuthError("access_denied", { reason: "user_denied", status: 400 });
  if (found?.grant.code === undefined) throw unknown("used before");
  if (!isAlive({ ...found, application }, now)) throw unknown("its grant ended");
  return found.grant;
}

function unknown(detail: string): OAuthError {
  return new OAuthError("invalid_grant", { reason: "device_code_invalid", detail });
}
