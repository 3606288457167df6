import {
  type DeviceAuthorizationRequest,
  type Dialect,
  formatDeviceAuthorization,
  OAuthError,
  type Parameters,
  parseDeviceAuthorizationRequest,
} from "@codegrant/protocol";
import { checkResources, checkScopes } from "../decide/authorize.ts";
import { createDeviceCode, createUserCode, deviceCodeHashOf, userCodeHashOf } from "../device-codes.ts";
import { pollIntervalSeconds } from "../limits/poll-pace.ts";
import type { Endpoint, RequestRecord } from "../message.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";
import { authenticateApplication, findNamedApplication, readParameters, sourceOf } from "./application-request.ts";
import { knownResources } from "./authorization-asked.ts";
import { checkMethodIsPost } from "./token.ts";

/** Half an hour, as at Twitch: time to find the phone. */
const lifetimeSeconds = 1_800;
/** Rows that one application may have waiting. */
const maximumRequests = 1_000;

/** The device authorization endpoint (RFC 8628, 3.1): a code for the device, a shorter one for its person. */
export function deviceEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    checkMethodIsPost(request, dialect);
    const parameters = readParameters(request, dialect);
    const application = await findAsking(platform, dialect, request, parameters);
    const asked = parseDeviceAuthorizationRequest(parameters, dialect);
    const scopes = checkScopes(asked.scopes, application, (name) => platform.settings.scopes.find(name) !== undefined);
    if (asked.resources.length > 0) checkResources(asked.resources, await knownResources(platform));
    checkPace(platform, request, application);
    return jsonMessage(await startDevice(forRequest(platform, request), dialect, application, { ...asked, scopes }));
  });
}

async function startDevice(
  platform: Platform,
  dialect: Dialect,
  application: Application,
  asked: DeviceAuthorizationRequest,
): Promise<string> {
  const deviceCode = createDeviceCode(platform);
  const userCode = await createRequest(platform, dialect, application, asked, deviceCode);
  platform.log({ level: "info", event: "device.started", clientId: application.clientId });
  const verificationUri = `${platform.settings.issuer}/device`;
  return formatDeviceAuthorization(
    {
      deviceCode,
      userCode,
      verificationUri,
      verificationUriComplete: `${verificationUri}?user_code=${userCode}`,
      expiresInSeconds: lifetimeSeconds,
      intervalSeconds: pollIntervalSeconds,
    },
    dialect,
  );
}

/** Draws another user code in the rare case that one is taken. */
async function createRequest(
  platform: Platform,
  dialect: Dialect,
  application: Application,
  asked: DeviceAuthorizationRequest,
  deviceCode: string,
): Promise<string> {
  const createdAt = platform.now();
  for (let draw = 0; draw < 3; draw++) {
    const userCode = createUserCode(platform);
    const outcome = await platform.store.createDeviceRequest(
      {
        deviceCodeHash: deviceCodeHashOf(deviceCode),
        userCodeHash: userCodeHashOf(userCode, platform.keys.current),
        applicationId: application.id,
        family: dialect.family,
        scopes: asked.scopes,
        resources: asked.resources,
        createdAt,
        expiresAt: createdAt + lifetimeSeconds,
      },
      { maximum: maximumRequests },
    );
    if (outcome === "created") return userCode;
    if (outcome === "full") break;
  }
  throw new OAuthError("temporarily_unavailable", { retryAfterSeconds: 60, detail: "too many devices are waiting" });
}

async function findAsking(
  platform: Platform,
  dialect: Dialect,
  request: RequestRecord,
  parameters: Parameters,
): Promise<Application> {
  if (dialect.device.authenticates) return authenticateApplication(platform, dialect, request, parameters);
  const application = await findNamedApplication(platform, parameters);
  if (application === undefined) throw new OAuthError("invalid_client", { reason: "client_unknown" });
  if (application.disabled) throw new OAuthError("unauthorized_client", { reason: "client_disabled" });
  return application;
}

/** Each request is a row, so even right ones are counted. */
function checkPace(platform: Platform, request: RequestRecord, application: Application): void {
  const { deviceRequests } = platform.limits;
  const key = sourceOf(application, request);
  const now = platform.now();
  const waitSeconds = deviceRequests.waitSeconds(key, now);
  if (waitSeconds > 0)
    throw new OAuthError("slow_down", { status: 429, reason: "too_many_requests", retryAfterSeconds: waitSeconds });
  deviceRequests.refuse(key, now);
}
