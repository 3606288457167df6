import type { Dialect } from "./dialect.ts";
import { type ErrorReason, OAuthError } from "./error.ts";
import { decodeUtf8 } from "./multipart.ts";
import { formDecode, formEncode, type Parameters, single } from "./parameters.ts";

/** Who says they are asking, not yet checked (RFC 6749, 2.3). `none` has no secret, the others always have one. */
export interface ClientAuthentication {
  readonly method: "basic" | "post" | "none";
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
}

/**
 * Reads who asks from the `Authorization` header and the parameters.
 * Throws `invalid_client` (nobody named, broken Basic, an assertion) or `invalid_request` (two ways at once, two ids).
 * A header of another scheme, or Basic where the dialect has none, counts for nothing.
 */
export function parseClientAuthentication(
  authorization: string | undefined,
  parameters: Parameters,
  dialect: Dialect,
): ClientAuthentication {
  const clientId = single(parameters, dialect.clientIdName);
  const clientSecret = single(parameters, "client_secret");
  if (parameters.has("client_assertion") || parameters.has("client_assertion_type")) {
    // Ignoring it would turn a failed proof into a public client (RFC 7521, 4.2).
    throw refuse("invalid_client", "client_assertion_unsupported", "client_assertion is not supported");
  }
  const basic = findBasic(authorization, dialect);
  if (basic !== undefined) return parseBasic(basic, clientId, clientSecret);
  if (clientId === undefined)
    throw refuse("invalid_client", "client_id_missing", `The parameter ${dialect.clientIdName} is missing`);
  return clientSecret === undefined ? { method: "none", clientId } : { method: "post", clientId, clientSecret };
}

/** The header or the parameters that carry it. Inside Basic both halves are form-encoded (RFC 6749, 2.3.1). */
export function formatClientAuthentication(
  authentication: ClientAuthentication,
  { clientIdName }: Pick<Dialect, "clientIdName">,
): {
  readonly authorization?: string;
  readonly parameters: Readonly<Record<string, string>>;
} {
  const { method, clientId, clientSecret } = authentication;
  if (method === "none") return { parameters: { [clientIdName]: clientId } };
  if (clientSecret === undefined) throw new TypeError(`The method ${method} needs a client secret`);
  if (method === "post") return { parameters: { [clientIdName]: clientId, client_secret: clientSecret } };
  return { authorization: `Basic ${btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`)}`, parameters: {} };
}

const maximumHeaderLength = 4_096;

/** What stands after `Basic`, `undefined` if the header is not for us. */
function findBasic(authorization: string | undefined, dialect: Dialect): string | undefined {
  if (authorization === undefined || !dialect.tokenRequest.clientAuthentication.includes("basic")) return undefined;
  if (authorization.length > maximumHeaderLength) throw malformedBasic();
  if (authorization.slice(0, 5).toLowerCase() !== "basic") return undefined;
  if (authorization.length === 5) return "";
  return authorization[5] === " " ? authorization.slice(6) : undefined;
}

function parseBasic(basic: string, bodyId: string | undefined, bodySecret: string | undefined): ClientAuthentication {
  const { clientId, clientSecret } = decodeBasic(basic);
  if (bodySecret !== undefined) {
    throw refuse("invalid_request", "client_authentication_repeated", "Send the client secret in one place only");
  }
  if (bodyId !== undefined && bodyId !== clientId) {
    throw refuse("invalid_request", "client_ids_differ", "The header and the body name different applications");
  }
  if (clientSecret === "") throw refuse("invalid_client", "client_secret_missing", "The client secret is missing");
  return { method: "basic", clientId, clientSecret };
}

/** Base64 first, then the first colon, then form-decoding, so that an id may hold an encoded colon. */
function decodeBasic(basic: string): { clientId: string; clientSecret: string } {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(basic)) throw malformedBasic();
  const text = decodeText(basic);
  const colon = text.indexOf(":");
  const clientId = formDecode(text.slice(0, colon));
  const clientSecret = formDecode(text.slice(colon + 1));
  if (colon === -1 || clientId === undefined || clientId === "" || clientSecret === undefined) throw malformedBasic();
  if (!isPrintable(clientId) || !isPrintable(clientSecret)) throw malformedBasic();
  return { clientId, clientSecret };
}

function decodeText(base64: string): string {
  try {
    return decodeUtf8(atob(base64));
  } catch {
    throw malformedBasic();
  }
}

function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

function malformedBasic(): OAuthError {
  return refuse("invalid_client", "client_authentication_malformed", "The Authorization header is not proper Basic");
}

function refuse(code: "invalid_client" | "invalid_request", reason: ErrorReason, description: string): OAuthError {
  return new OAuthError(code, { reason, description });
}
