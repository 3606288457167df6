import { FlowError, OAuthError } from "@codegrant/protocol";
import { type ConnectionError, isConnectionError } from "../advice.ts";
import type { ClientCredentials, Provider } from "../provider.ts";
import type { Tokens } from "../tokens.ts";
import { type CallOptions, currentTime } from "../transport.ts";
import { grantTokens } from "./grant-tokens.ts";
import { type DeviceAuthorization, maximumIntervalSeconds } from "./start-device-authorization.ts";
import { requestTokens } from "./token-endpoint.ts";

/** What came of it. Saying no, or nothing for too long, is a result and no exception. */
export type DeviceResult =
  | { readonly status: "approved"; readonly tokens: Tokens }
  | { readonly status: "declined"; readonly error: ConnectionError }
  | { readonly status: "expired" }
  | { readonly status: "cancelled" };

/** One poll's result; `pending` says how long to wait before the next. */
export type DevicePoll =
  | Exclude<DeviceResult, { status: "cancelled" }>
  | { readonly status: "pending"; readonly intervalSeconds: number };

export interface FinishDeviceOptions extends CallOptions {
  /** Ends the waiting, not a poll that is under way: its tokens would be lost. */
  readonly signal?: AbortSignal | undefined;
  /** Resolves after so long, or at once when the signal aborts. */
  readonly wait?:
    | ((seconds: number, options: { readonly signal?: AbortSignal | undefined }) => Promise<void>)
    | undefined;
}

/**
 * Polls until the person has answered (RFC 8628, 3.4): never faster than the provider asks, slower when it says so or
 * has trouble, and no longer than the code lives. Throws a `ConnectionError` for a final no.
 *
 * @example
 * const result = await finishDeviceAuthorization(twitch, { clientId }, device);
 * if (result.status === "approved") await save(result.tokens);
 */
export async function finishDeviceAuthorization(
  provider: Provider,
  client: ClientCredentials,
  device: DeviceAuthorization,
  { signal, wait = waitByTimer, ...options }: FinishDeviceOptions = {},
): Promise<DeviceResult> {
  let { intervalSeconds } = device;
  for (;;) {
    await wait(intervalSeconds, { signal });
    if (signal?.aborted === true) return { status: "cancelled" };
    const poll = await pollDeviceAuthorization(provider, client, { ...device, intervalSeconds }, options);
    if (poll.status !== "pending") return poll;
    ({ intervalSeconds } = poll);
  }
}

/**
 * Asks once whether the person has answered, for a program with a loop of its own. Only `authorization_pending`,
 * `slow_down` and trouble that passes go on; everything else is final.
 */
export async function pollDeviceAuthorization(
  provider: Provider,
  client: ClientCredentials,
  device: DeviceAuthorization,
  options: CallOptions = {},
): Promise<DevicePoll> {
  if (currentTime(options) >= device.expiresAt) return { status: "expired" };
  const { deviceCode, scopes, intervalSeconds } = device;
  const request = { grantType: "device_code", deviceCode: deviceCode.reveal(), scopes } as const;
  try {
    const response = await requestTokens(provider, client, request, options, deviceRows);
    return { status: "approved", tokens: await grantTokens(provider, client, response, { scopes }, options) };
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    if (error.code === "access_denied") return { status: "declined", error };
    if (error.code === "expired_token" || isSpent(error, device, options)) return { status: "expired" };
    if (!error.retryable) throw error;
    return { status: "pending", intervalSeconds: nextInterval(error, intervalSeconds) };
  }
}

export const deviceRows = {
  device_code_invalid: {
    actor: "user",
    retryable: false,
    hint: "This login by device is over or was used already. Start it again.",
  },
  authorization_pending: { actor: "user", retryable: true, hint: "The user has not answered yet." },
  expired_token: { actor: "user", retryable: false, hint: "The time to answer is over. Start again." },
} as const;

/** Some have one text for a code that is over and one that never was. */
function isSpent(error: ConnectionError, { expiresAt }: DeviceAuthorization, options: CallOptions): boolean {
  return error instanceof OAuthError && error.reason === "device_code_invalid" && currentTime(options) >= expiresAt;
}

/** Five seconds more at each `slow_down` and for good (RFC 8628, 3.5); doubled while there is no usable answer. */
function nextInterval(error: ConnectionError, intervalSeconds: number): number {
  const { code, retryAfterSeconds = 0 } = error;
  const isTrouble = error instanceof FlowError || (error.status >= 500 && error.status <= 599);
  const slower = code === "slow_down" ? intervalSeconds + 5 : isTrouble ? intervalSeconds * 2 : intervalSeconds;
  return Math.min(Math.max(slower, retryAfterSeconds), maximumIntervalSeconds);
}

function waitByTimer(seconds: number, { signal }: { readonly signal?: AbortSignal | undefined }): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, seconds * 1_000);
    signal?.addEventListener("abort", finish);
  });
}
