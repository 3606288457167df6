import type { Dialect } from "./dialect.ts";
import { parseErrorResponse } from "./error-response.ts";
import { type HttpAnswer, parseAnswerBody, shapeError, textMember } from "./http-answer.ts";
import { type Parameters, single } from "./parameters.ts";
import { parseResources } from "./resource.ts";
import { formatScope, parseScope } from "./scope.ts";
import { parseExpiresIn } from "./token-response.ts";

/** What a device asks for (RFC 8628, 3.1); who asks is read by `parseClientAuthentication`. */
export interface DeviceAuthorizationRequest {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
}

/** What a device shows and polls with (RFC 8628, 3.2). */
export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  /** Where the person types the code. */
  readonly verificationUri: string;
  /** The same with the code filled in. */
  readonly verificationUriComplete?: string | undefined;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** Throws `invalid_request`, `invalid_scope` or `invalid_target`. */
export function parseDeviceAuthorizationRequest(parameters: Parameters, dialect: Dialect): DeviceAuthorizationRequest {
  const scope = single(parameters, dialect.scope.deviceParameter);
  return { scopes: scope === undefined ? [] : parseScope(scope, dialect), resources: parseResources(parameters) };
}

/** The fields of the request, without client authentication. Give them to `formatParameters`. */
export function formatDeviceAuthorizationRequest(
  request: DeviceAuthorizationRequest,
  dialect: Dialect,
): Readonly<Record<string, string | readonly string[]>> {
  const { scopes, resources } = request;
  return {
    ...(scopes.length > 0 && { [dialect.scope.deviceParameter]: formatScope(scopes, dialect) }),
    ...(resources.length > 0 && { resource: resources }),
  };
}

export function formatDeviceAuthorization(device: DeviceAuthorization, dialect: Dialect): string {
  const { verificationUri, verificationUriComplete } = device;
  const carriesCode = dialect.device.verificationUriCarriesCode && verificationUriComplete !== undefined;
  return JSON.stringify({
    device_code: device.deviceCode,
    expires_in: device.expiresInSeconds,
    interval: device.intervalSeconds,
    user_code: device.userCode,
    verification_uri: carriesCode ? verificationUriComplete : verificationUri,
    verification_uri_complete: carriesCode ? undefined : verificationUriComplete,
  });
}

/** Reads the answer to a device's request. Throws `OAuthError` for an error body, `FlowError` for no usable answer. */
export function parseDeviceAuthorization(answer: HttpAnswer, dialect: Dialect): DeviceAuthorization {
  if (answer.status < 200 || answer.status > 299) throw parseErrorResponse(answer, dialect);
  const body = parseAnswerBody(answer);
  const deviceCode = textMember(body, "device_code");
  const userCode = textMember(body, "user_code");
  // Some servers still write the draft's `verification_url`.
  const verificationUri = textMember(body, "verification_uri") ?? textMember(body, "verification_url");
  if (deviceCode === undefined || userCode === undefined || verificationUri === undefined)
    throw shapeError(answer, "has no device_code, user_code or verification_uri");
  const complete = textMember(body, "verification_uri_complete");
  return {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: complete ?? (dialect.device.verificationUriCarriesCode ? verificationUri : undefined),
    expiresInSeconds: parseExpiresIn(body["expires_in"]) ?? defaultLifetimeSeconds,
    // RFC 8628, 3.2: five seconds unless said otherwise.
    intervalSeconds: parseExpiresIn(body["interval"]) || defaultIntervalSeconds,
  };
}

const defaultLifetimeSeconds = 600;
const defaultIntervalSeconds = 5;
