import {
  type Dialect,
  formatTokenResponse,
  OAuthError,
  parseTokenRequest,
  type TokenRequest,
  type TokenResponse,
} from "@codegrant/protocol";
import { slowDownOr } from "../limits/slow-down.ts";
import type { Endpoint, RequestRecord } from "../message.ts";
import { noteRefusal } from "../outcomes.ts";
import type { Platform } from "../platform.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";
import { authenticateApplication, readParameters, sourceOf } from "./application-request.ts";
import { issueApplicationToken } from "./client-credentials.ts";
import { pollDevice } from "./device-token.ts";
import { exchangeCode } from "./exchange.ts";
import { refreshGrant } from "./refresh.ts";
import type { TokenContext } from "./token-context.ts";

/** The token endpoint (RFC 6749, 3.2). */
export function tokenEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    const receivedAt = platform.now();
    checkMethodIsPost(request, dialect);
    const parameters = readParameters(request, dialect);
    const application = await authenticateApplication(platform, dialect, request, parameters);
    try {
      const tokenRequest = parseTokenRequest(parameters, dialect);
      const response = await answerOrSlowDown({ platform, dialect, request, application, receivedAt }, tokenRequest);
      platform.outcomes.note(application.id, { at: platform.now(), event: "redeemed" });
      return jsonMessage(formatTokenResponse(response, dialect));
    } catch (error) {
      if (error instanceof OAuthError && !isPolling(error)) noteRefusal(platform, application.id, error);
      throw error;
    }
  });
}

/** A device that waits for its person is no news. */
function isPolling({ code }: OAuthError): boolean {
  return code === "authorization_pending" || code === "slow_down";
}

async function answerOrSlowDown(context: TokenContext, tokenRequest: TokenRequest): Promise<TokenResponse> {
  try {
    return await answer(context, tokenRequest);
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== "invalid_grant") throw error;
    const { platform, application, request } = context;
    throw slowDownOr(error, platform.limits.grants, sourceOf(application, request), platform.now());
  }
}

function answer(context: TokenContext, request: TokenRequest): Promise<TokenResponse> {
  switch (request.grantType) {
    case "authorization_code":
      return exchangeCode(context, request);
    case "refresh_token":
      return refreshGrant(context, request);
    case "client_credentials":
      return issueApplicationToken(context, request);
    case "device_code":
      return pollDevice(context, request);
  }
}

/** Credentials in a URL end up in logs, so a GET is never read (RFC 6749, 3.2). */
export function checkMethodIsPost(request: RequestRecord, dialect: Dialect): void {
  if (request.method === "POST") return;
  throw new OAuthError("invalid_request", {
    reason: "method_not_allowed",
    description: "Send a POST request",
    status: dialect.tokenRequest.wrongMethodStatus,
  });
}
