/** Where a code may appear on the wire. */
export type ErrorPlace = "authorize" | "token" | "resource" | "revoke" | "device" | "introspect";

/** One row of the table of error codes. */
export interface ErrorCodeRow {
  /** The HTTP status where the answer is no redirect. */
  readonly status: number;
  readonly where: readonly ErrorPlace[];
  /** What the wire says unless the thrower says more. */
  readonly description: string;
  /** The document and section that defines the code. */
  readonly section: string;
}

/** Every error code both ends know. Statuses, narrowing, documentation and tests are read from here. */
export const errorCodes = {
  invalid_request: {
    status: 400,
    where: ["authorize", "token", "resource", "revoke", "device", "introspect"],
    description: "The request lacks a parameter, repeats one or is malformed",
    section: "RFC 6749, 4.1.2.1",
  },
  unauthorized_client: {
    status: 400,
    where: ["authorize", "token", "revoke", "device"],
    description: "This application may not do this",
    section: "RFC 6749, 5.2",
  },
  access_denied: {
    status: 403,
    where: ["authorize", "token"],
    description: "The user denied you access",
    section: "RFC 6749, 4.1.2.1",
  },
  unsupported_response_type: {
    status: 400,
    where: ["authorize"],
    description: "The only response_type here is code",
    section: "RFC 6749, 4.1.2.1",
  },
  invalid_scope: {
    status: 400,
    where: ["authorize", "token", "device"],
    description: "The scope is unknown, malformed or more than was granted",
    section: "RFC 6749, 3.3",
  },
  server_error: {
    status: 500,
    where: ["authorize", "token", "resource", "revoke", "device", "introspect"],
    description: "Something went wrong on the server",
    section: "RFC 6749, 4.1.2.1",
  },
  temporarily_unavailable: {
    status: 503,
    where: ["authorize", "token", "resource", "revoke", "device", "introspect"],
    description: "The server is busy, try again in a moment",
    section: "RFC 6749, 4.1.2.1",
  },
  invalid_client: {
    status: 401,
    where: ["token", "revoke", "device", "introspect"],
    description: "The application is unknown or did not prove who it is",
    section: "RFC 6749, 5.2",
  },
  invalid_grant: {
    status: 400,
    where: ["token"],
    description: "The code or refresh token is wrong, used, expired or revoked",
    section: "RFC 6749, 5.2",
  },
  unsupported_grant_type: {
    status: 400,
    where: ["token"],
    description: "This grant_type is not supported",
    section: "RFC 6749, 5.2",
  },
  invalid_token: {
    status: 401,
    where: ["resource"],
    description: "The access token is wrong, expired or revoked",
    section: "RFC 6750, 3.1",
  },
  insufficient_scope: {
    status: 403,
    where: ["resource"],
    description: "The access token lacks a scope that this request needs",
    section: "RFC 6750, 3.1",
  },
  unsupported_token_type: {
    status: 400,
    where: ["revoke"],
    description: "Tokens of this type cannot be revoked here",
    section: "RFC 7009, 2.2.1",
  },
  authorization_pending: {
    status: 400,
    where: ["token"],
    description: "The user has not answered yet",
    section: "RFC 8628, 3.5",
  },
  /** Also our answer, with status 429, to whoever asks too often. */
  slow_down: {
    status: 400,
    where: ["token", "device"],
    description: "You are asking too often, wait longer between requests",
    section: "RFC 8628, 3.5",
  },
  expired_token: {
    status: 400,
    where: ["token"],
    description: "The device code has expired, start again",
    section: "RFC 8628, 3.5",
  },
  invalid_target: {
    status: 400,
    where: ["authorize", "token", "device"],
    description: "The resource is unknown, malformed or more than was granted",
    section: "RFC 8707, 2",
  },
  interaction_required: {
    status: 400,
    where: ["authorize"],
    description: "The user has to do something, but prompt=none allows no page",
    section: "OpenID Connect Core, 3.1.2.6",
  },
  login_required: {
    status: 400,
    where: ["authorize"],
    description: "The user has to sign in, but prompt=none allows no page",
    section: "OpenID Connect Core, 3.1.2.6",
  },
  account_selection_required: {
    status: 400,
    where: ["authorize"],
    description: "The user has to choose an account, but prompt=none allows no page",
    section: "OpenID Connect Core, 3.1.2.6",
  },
  consent_required: {
    status: 400,
    where: ["authorize"],
    description: "The user has to approve, but prompt=none allows no page",
    section: "OpenID Connect Core, 3.1.2.6",
  },
  request_not_supported: {
    status: 400,
    where: ["authorize"],
    description: "The request parameter is not supported, send plain parameters",
    section: "OpenID Connect Core, 6.1",
  },
  request_uri_not_supported: {
    status: 400,
    where: ["authorize"],
    description: "The request_uri parameter is not supported, send plain parameters",
    section: "OpenID Connect Core, 6.2",
  },
} as const satisfies Record<string, ErrorCodeRow>;

export type KnownErrorCode = keyof typeof errorCodes;

/** A known code, or whatever a server said: an unknown code is carried, not lost. */
export type ErrorCode = KnownErrorCode | (string & {});

/** Finer than a code, stable, for logs, tests and the dialects that have a text of their own for it. */
export type ErrorReason =
  | "client_id_missing"
  | "client_ids_differ"
  | "client_unknown"
  | "client_disabled"
  | "client_secret_missing"
  | "client_secret_wrong"
  | "client_authentication_malformed"
  | "client_authentication_repeated"
  | "client_assertion_unsupported"
  | "grant_type_missing"
  | "grant_type_unsupported"
  | "grant_type_not_allowed"
  | "parameter_missing"
  | "parameter_repeated"
  | "parameter_malformed"
  | "parameters_too_many"
  | "parameters_too_long"
  | "redirect_uri_missing"
  | "redirect_uri_mismatch"
  | "response_type_missing"
  | "response_type_unsupported"
  | "response_mode_unsupported"
  | "request_object_unsupported"
  | "prompt_malformed"
  | "state_too_long"
  | "code_challenge_missing"
  | "code_challenge_malformed"
  | "code_challenge_method_unsupported"
  | "code_missing"
  | "code_invalid"
  | "code_verifier_missing"
  | "code_verifier_unexpected"
  | "code_verifier_malformed"
  | "refresh_token_missing"
  | "refresh_token_invalid"
  | "device_code_missing"
  | "device_code_invalid"
  | "authorization_pending"
  | "access_token_missing"
  | "access_token_malformed"
  | "access_token_invalid"
  | "revoke_token_missing"
  | "revoke_token_invalid"
  | "revoke_client_unknown"
  | "scope_missing"
  | "scope_malformed"
  | "scope_unknown"
  | "scope_insufficient"
  | "resource_malformed"
  | "resource_unknown"
  | "user_denied"
  | "method_not_allowed"
  | "too_many_requests";

export interface OAuthErrorOptions {
  readonly reason?: ErrorReason | undefined;
  /** For the wire. Characters that RFC 6749 does not allow there are replaced. */
  readonly description?: string | undefined;
  readonly status?: number | undefined;
  readonly uri?: string | undefined;
  /** For the operator's log only; no secrets even there. */
  readonly detail?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/**
 * The protocol said no: thrown by parsers and decisions, and by the client when it hears it (RFC 6749, 4.1.2.1 and 5.2).
 *
 * @example
 * throw new OAuthError("invalid_grant", { reason: "code_invalid", detail: "the code has expired" });
 */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly code: ErrorCode;
  readonly description: string;
  readonly status: number;
  declare readonly reason?: ErrorReason;
  declare readonly uri?: string;
  declare readonly retryAfterSeconds?: number;
  /** For the operator's log. Not enumerable, so that no spread or serialiser carries it to the wire. */
  declare readonly detail?: string;

  constructor(code: ErrorCode, options: OAuthErrorOptions = {}) {
    const row = findErrorCode(code);
    const cleanCode = cleanErrorText(code, maximumCodeLength);
    const description = cleanErrorText(options.description ?? row?.description ?? "", maximumDescriptionLength);
    super(description === "" ? cleanCode : `${cleanCode}: ${description}`, causeOf(options));
    this.code = cleanCode;
    this.description = description;
    this.status = options.status ?? row?.status ?? 400;
    if (options.reason !== undefined) this.reason = options.reason;
    if (options.uri !== undefined) this.uri = cleanErrorText(options.uri, maximumDescriptionLength);
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
    if (options.detail !== undefined) Object.defineProperty(this, "detail", { value: options.detail });
  }

  toJSON(): { code: string; description: string; status: number; reason?: ErrorReason; uri?: string } {
    return {
      code: this.code,
      description: this.description,
      status: this.status,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.uri === undefined ? {} : { uri: this.uri }),
    };
  }
}

export type FlowErrorCode =
  | "ERR_STATE_MISMATCH"
  | "ERR_ISSUER_MISMATCH"
  | "ERR_CALLBACK_INCOMPLETE"
  | "ERR_RESPONSE_SHAPE"
  | "ERR_NETWORK"
  | "ERR_TIMEOUT"
  | "ERR_RESPONSE_TOO_LARGE"
  | "ERR_LOGIN_NEEDED"
  | "ERR_REFRESH_UNCERTAIN"
  | "ERR_STORE_UNAVAILABLE"
  | "ERR_PORT_BUSY"
  | "ERR_ID_TOKEN"
  | "ERR_CLIENT_MISMATCH"
  | "ERR_USERINFO_MISMATCH"
  | "ERR_PKCE_UNSUPPORTED"
  | "ERR_NO_METADATA";

/** There was no usable answer: nobody said no, so a stored token is still worth keeping. */
export class FlowError extends Error {
  override readonly name = "FlowError";
  readonly code: FlowErrorCode;
  /** The HTTP status, where there was an answer. */
  declare readonly status?: number;

  constructor(
    code: FlowErrorCode,
    message: string,
    options: { readonly status?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, causeOf(options));
    this.code = code;
    if (options.status !== undefined) this.status = options.status;
  }
}

/** The table's row of a code, `undefined` for a code that is not ours. */
export function findErrorCode(code: string): ErrorCodeRow | undefined {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code as KnownErrorCode] : undefined;
}

const maximumCodeLength = 100;
const maximumDescriptionLength = 1_000;

/** Keeps to `%x20-21 / %x23-5B / %x5D-7E` (RFC 6749, 5.2), so that no text breaks a header, a log line or JSON. */
function cleanErrorText(text: string, maximumLength: number): string {
  const short = text.length > maximumLength ? text.slice(0, maximumLength) : text;
  if (!/[^\x20\x21\x23-\x5b\x5d-\x7e]/.test(short)) return short;
  return short.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, "?");
}

function causeOf(options: { readonly cause?: unknown }): ErrorOptions {
  return options.cause === undefined ? {} : { cause: options.cause };
}
