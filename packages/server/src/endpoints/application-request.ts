import {
  type ClientAuthentication,
  type Dialect,
  mergeParameters,
  OAuthError,
  type Parameters,
  parseClientAuthentication,
  parseMultipart,
  parseParameters,
  single,
} from "@codegrant/protocol";
import { networkOf } from "../limits/network-of.ts";
import { slowDownOr } from "../limits/slow-down.ts";
import type { RequestRecord } from "../message.ts";
import { noteRefusal } from "../outcomes.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import { verifyClientSecret } from "../secrets.ts";

/** The parameters of a request to an endpoint for applications, from where the dialect lets them stand. */
export function readParameters(request: RequestRecord, dialect: Dialect): Parameters {
  const { sources } = dialect.tokenRequest;
  const body = readBody(request, sources.includes("multipart"));
  if (!sources.includes("query") || request.query === "") return body;
  return mergeParameters(parseParameters(request.query), body);
}

/**
 * The application that the request proves to come from (RFC 6749, 3.2.1): a confidential one by its secret, a public
 * one by its id alone. Never by whichever of two proofs happens to fit.
 */
export async function authenticateApplication(
  platform: Platform,
  dialect: Dialect,
  request: RequestRecord,
  parameters: Parameters,
): Promise<Application> {
  const sent = readClientAuthentication(dialect, request, parameters);
  const application = await platform.store.findApplication(sent.clientId);
  if (application === undefined) throw new OAuthError("invalid_client", { reason: "client_unknown" });
  const refusal = findSecretProblem(application, sent.clientSecret, platform.now());
  if (refusal !== undefined) noteRefusal(platform, application.id, refusal);
  if (refusal !== undefined)
    throw slowDownOr(refusal, platform.limits.application, sourceOf(application, request), platform.now());
  if (application.disabled) throw new OAuthError("unauthorized_client", { reason: "client_disabled" });
  return application;
}

/** Who says they are asking, not yet checked. */
export function readClientAuthentication(
  dialect: Dialect,
  request: RequestRecord,
  parameters: Parameters,
): ClientAuthentication {
  if (request.headerCount("authorization") > 1)
    throw new OAuthError("invalid_client", { reason: "client_authentication_repeated" });
  return parseClientAuthentication(request.header("authorization"), parameters, dialect);
}

/** The application that the request names, where the dialect asks for no proof. */
export async function findNamedApplication(
  platform: Platform,
  parameters: Parameters,
): Promise<Application | undefined> {
  const clientId = single(parameters, "client_id");
  if (clientId === undefined) throw new OAuthError("invalid_client", { reason: "client_id_missing" });
  return platform.store.findApplication(clientId);
}

/** Who asks, as limits count them: an attacker elsewhere slows only himself. */
export function sourceOf(
  { clientId }: Pick<Application, "clientId">,
  { remoteAddress }: Pick<RequestRecord, "remoteAddress">,
): string {
  return `${clientId} ${networkOf(remoteAddress)}`;
}

function findSecretProblem(
  application: Application,
  clientSecret: string | undefined,
  now: number,
): OAuthError | undefined {
  const isPublic = application.type === "public";
  if (isPublic && clientSecret === undefined) return undefined;
  if (clientSecret === undefined) return new OAuthError("invalid_client", { reason: "client_secret_missing" });
  // Empty never equals empty: a public application has no secret that could fit.
  if (!isPublic && verifyClientSecret(application, clientSecret, now)) return undefined;
  return new OAuthError("invalid_client", { reason: "client_secret_wrong", detail: whenReplaced(application) });
}

/** The commonest wrong secret is the one from before. */
function whenReplaced({ secrets, createdAt }: Application): string | undefined {
  const newest = secrets[0]?.createdAt ?? createdAt;
  if (newest === createdAt) return undefined;
  return `the secret was replaced on ${new Date(newest * 1_000).toISOString().slice(0, 10)}`;
}

function readBody(request: RequestRecord, multipartIsRead: boolean): Parameters {
  const contentType = request.header("content-type") ?? "";
  const semicolon = contentType.indexOf(";");
  const type = (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  if (type === "application/x-www-form-urlencoded") return parseParameters(request.body);
  if (type === "multipart/form-data" && multipartIsRead) return parseMultipart(request.body, contentType);
  if (request.body === "") return parseParameters("");
  throw new OAuthError("invalid_request", {
    reason: "parameter_malformed",
    description: "Send the parameters as application/x-www-form-urlencoded",
  });
}
