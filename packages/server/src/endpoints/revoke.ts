import { type Dialect, OAuthError, type Parameters, single } from "@codegrant/protocol";
import { decideRevocation } from "../decide/revoke.ts";
import type { Endpoint, Message, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import { parseToken, type Token } from "../tokens/token.ts";
import { apiEndpoint, jsonMessage } from "./api.ts";
import { authenticateApplication, findNamedApplication, readParameters } from "./application-request.ts";
import { endGrant } from "./end-grant.ts";
import { checkMethodIsPost } from "./token.ts";

/** Token revocation (RFC 7009). `token_type_hint` is not needed: a token says what it is. */
export function revokeEndpoint(platform: Platform, dialect: Dialect): Endpoint {
  return apiEndpoint(platform, dialect, async (request) => {
    checkMethodIsPost(request, dialect);
    const parameters = readParameters(request, dialect);
    const application = await findRevoker(platform, dialect, request, parameters);
    const text = single(parameters, "token");
    if (text === undefined)
      throw new OAuthError("invalid_request", {
        reason: "revoke_token_missing",
        description: "The parameter token is missing",
      });
    return orUnavailable(() => revoke(platform, dialect, request, application, text));
  });
}

/** RFC 7009, 2.2.1: a 503 says that the token still exists and is to be revoked again later. */
async function orUnavailable<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (cause) {
    if (cause instanceof OAuthError) throw cause;
    throw new OAuthError("temporarily_unavailable", { retryAfterSeconds: 1, detail: "the store failed", cause });
  }
}

async function revoke(
  platform: Platform,
  dialect: Dialect,
  request: RequestRecord,
  application: Application,
  text: string,
): Promise<Message> {
  const token = parseToken(text, platform.keys, dialect.family);
  const found = token && (await platform.store.findGrant(token.grantId));
  const decision = decideRevocation(token, found, application);
  switch (decision.next) {
    case "endApplicationToken":
      await revokeApplicationToken(platform, application, decision.token);
      logRevoked(platform, request, application);
      break;
    case "endAccess":
      if (found !== undefined) await platform.store.revokeAccessTokens(found.grant.id, decision.throughGeneration);
      logRevoked(platform, request, application, found?.grant.id);
      break;
    case "endGrant":
      if (found !== undefined) await endGrant(platform, request, found, "revoke");
      break;
    case "foreign":
      if (!dialect.revocation.refusesUnknown)
        throw new OAuthError("unauthorized_client", { detail: "another application's token" });
      throw unknownToken();
    case "unknown":
      if (dialect.revocation.refusesUnknown) throw unknownToken();
  }
  return jsonMessage(dialect.revocation.doneBody);
}

/** Beyond so many living revocations of one application, all of its tokens end: a list that grows is worse. */
const maximumRevoked = 1_000;

async function revokeApplicationToken(platform: Platform, { id }: Application, token: Token): Promise<void> {
  if (token.expiresAt <= platform.now()) return;
  await platform.store.revokeApplicationToken({
    applicationId: id,
    serial: token.proof,
    expiresAt: token.expiresAt,
    now: platform.now(),
    maximum: maximumRevoked,
  });
}

function logRevoked(
  platform: Platform,
  { requestId }: RequestRecord,
  { clientId }: Application,
  grantId?: number,
): void {
  platform.log({
    level: "info",
    event: "token.revoked",
    requestId,
    clientId,
    ...(grantId !== undefined && { grantId }),
  });
}

async function findRevoker(
  platform: Platform,
  dialect: Dialect,
  request: RequestRecord,
  parameters: Parameters,
): Promise<Application> {
  if (dialect.revocation.authenticates) return authenticateApplication(platform, dialect, request, parameters);
  const application = await findNamedApplication(platform, parameters);
  if (application === undefined) throw new OAuthError("invalid_client", { reason: "revoke_client_unknown" });
  return application;
}

function unknownToken(): OAuthError {
  return new OAuthError("invalid_request", { reason: "revoke_token_invalid" });
}
