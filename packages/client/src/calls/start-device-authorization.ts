import {
  type DeviceAuthorization as DeviceAnswer,
  FlowError,
  formatDeviceAuthorizationRequest,
  isAddress,
  parseDeviceAuthorization,
} from "@codegrant/protocol";
import { advise } from "../advice.ts";
import { type ClientCredentials, checkClient, checkProvider, type Provider } from "../provider.ts";
import { scopesToAsk } from "../scopes.ts";
import { Secret } from "../secret.ts";
import { type CallOptions, currentTime, read } from "../transport.ts";
import { authenticationOf, post, secretsOf } from "./token-endpoint.ts";

/** A login by a second screen that is under way: show the person the address and the code, and poll. */
export interface DeviceAuthorization {
  readonly deviceCode: Secret;
  /** What the person types, or compares with what the page shows. */
  readonly userCode: string;
  /** Where they go. With the code filled in where the provider has such an address. */
  readonly verificationUri: string;
  readonly verificationUriComplete?: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** Between two polls, at least. */
  readonly intervalSeconds: number;
  /** What was asked for: it is granted if the answer names no scope. */
  readonly scopes: readonly string[];
}

/**
 * Begins a login without a browser of its own (RFC 8628, 3.1). Give the result to `finishDeviceAuthorization`. Throws
 * a `ConnectionError`; `TypeError` if the provider has no such flow.
 *
 * @example
 * const device = await startDeviceAuthorization(twitch, { clientId }, { scopes: ["chat:read"] });
 * console.log(`Open ${device.verificationUri} and enter ${device.userCode}`);
 * const result = await finishDeviceAuthorization(twitch, { clientId }, device);
 */
export async function startDeviceAuthorization(
  provider: Provider,
  client: ClientCredentials,
  asked: { readonly scopes: readonly string[] },
  options: CallOptions = {},
): Promise<DeviceAuthorization> {
  checkProvider(provider);
  checkClient(client);
  const url = provider.endpoints.device;
  if (url === undefined) throw new TypeError(`${provider.title} has no login by device. Use the browser.`);
  const scopes = scopesToAsk(provider, asked.scopes);
  const { dialect } = provider;
  try {
    const fields = formatDeviceAuthorizationRequest({ scopes, resources: [] }, dialect);
    const named = dialect.device.authenticates ? client : { clientId: client.clientId };
    const answer = await post(provider, url, { fields, authentication: authenticationOf(provider, named) }, options);
    const device = read(answer, (one) => parseDeviceAuthorization(one, dialect));
    checkAddresses(provider, device);
    return describe(device, scopes, currentTime(options));
  } catch (error) {
    throw advise(error, { provider, secrets: secretsOf(client) });
  }
}

/** They are opened in a browser, so nothing but an address passes. */
function checkAddresses({ endpoints }: Provider, { verificationUri, verificationUriComplete }: DeviceAnswer): void {
  const schemes = endpoints.token.startsWith("http:") ? ["http:", "https:"] : ["https:"];
  for (const address of [verificationUri, verificationUriComplete]) {
    if (address === undefined || isAddress(address, schemes)) continue;
    throw new FlowError("ERR_RESPONSE_SHAPE", "The answer has a verification_uri that cannot be opened.");
  }
}

function describe(device: DeviceAnswer, scopes: readonly string[], nowSeconds: number): DeviceAuthorization {
  const { deviceCode, userCode, verificationUri, verificationUriComplete, expiresInSeconds, intervalSeconds } = device;
  return {
    deviceCode: new Secret(deviceCode),
    userCode,
    verificationUri,
    ...(verificationUriComplete === undefined ? {} : { verificationUriComplete }),
    expiresAt: nowSeconds + Math.min(expiresInSeconds, maximumLifetimeSeconds),
    intervalSeconds: Math.min(intervalSeconds, maximumIntervalSeconds),
    scopes,
  };
}

const maximumLifetimeSeconds = 3_600;
/** A server that asks for more would only make the person wait. */
export const maximumIntervalSeconds = 60;
