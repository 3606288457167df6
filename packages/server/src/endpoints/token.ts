import {
  type Dialect,
  formatTokenResponse,
  OAuthError,
  parseTokenRequest,
  type TokenRequest,
  type TokenResponse,
} from "@codegrant/protocol";
import type { Endpoint, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";
import { authenticateApplication, readParameters } from "./application-request.ts";
import { exchangeCode } from "./exchange.ts";
import { refreshGrant } from "./refresh.ts";
import type { TokenContext } from "./token-context.ts";

/** The token endpoint (RFC 6749, 3.2). */
export function tokenEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    checkMethodIsPost(request, dialect);
    const parameters = readParameters(request, dialect);
    const application = await authenticateApplication(platform, dialect, request, parameters);
    const tokenRequest = parseTokenRequest(parameters, dialect);
    const response = await answer({ platform, dialect, request, application }, tokenRequest);
    return jsonMessage(formatTokenResponse(response, dialect));
  });
}

function answer(context: TokenContext, request: TokenRequest): Promise<TokenResponse> {
  switch (request.grantType) {
    case "authorization_code":
      return exchangeCode(context, request);
    case "refresh_token":
      return refreshGrant(context, request);
    default:
      throw new OAuthError("unsupported_grant_type", { reason: "grant_type_unsupported" });
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
