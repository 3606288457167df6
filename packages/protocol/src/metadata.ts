import { FlowError } from "./error.ts";
import { type HttpAnswer, parseAnswerBody, shapeError, textMember } from "./http-answer.ts";

/** What an authorization server says about itself (RFC 8414, 2), as far as both ends here use it. */
export interface ServerMetadata {
  readonly issuer: string;
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly revocationEndpoint?: string;
  readonly introspectionEndpoint?: string;
  readonly deviceAuthorizationEndpoint?: string;
  readonly registrationEndpoint?: string;
  readonly userinfoEndpoint?: string;
  readonly jwksUri?: string;
  readonly serviceDocumentation?: string;
  readonly scopesSupported?: readonly string[];
  readonly responseTypesSupported?: readonly string[];
  readonly responseModesSupported?: readonly string[];
  readonly grantTypesSupported?: readonly string[];
  readonly tokenEndpointAuthMethodsSupported?: readonly string[];
  readonly revocationEndpointAuthMethodsSupported?: readonly string[];
  readonly introspectionEndpointAuthMethodsSupported?: readonly string[];
  readonly codeChallengeMethodsSupported?: readonly string[];
  readonly promptValuesSupported?: readonly string[];
  /** RFC 9207, 3. */
  readonly authorizationResponseIssParameterSupported?: boolean;
}

/** The JSON of the metadata document. What is `undefined` is left out: nothing is advertised that is not there. */
export function formatServerMetadata(metadata: ServerMetadata): string {
  return JSON.stringify(Object.fromEntries(members.map(([name, wire]) => [wire, metadata[name]])));
}

/**
 * Reads a metadata document. Throws `FlowError`: `ERR_ISSUER_MISMATCH` unless its issuer is byte for byte the one
 * asked for (RFC 8414, 3.3), `ERR_RESPONSE_SHAPE` for an endpoint that is no proper address.
 */
export function parseServerMetadata(answer: HttpAnswer, issuer: string): ServerMetadata {
  if (answer.status !== 200) throw shapeError(answer, "is no metadata document");
  const body = parseAnswerBody(answer);
  if (textMember(body, "issuer") !== issuer) {
    throw new FlowError("ERR_ISSUER_MISMATCH", "The metadata document belongs to another issuer", {
      status: answer.status,
    });
  }
  const schemes = issuer.startsWith("http:") ? ["http:", "https:"] : ["https:"];
  const entries: [string, unknown][] = [];
  for (const [name, wire, kind] of members) {
    const value = Object.hasOwn(body, wire) ? body[wire] : undefined;
    if (value === undefined || value === null) continue;
    if (!isOfKind(value, kind, schemes)) throw shapeError(answer, `has a ${wire} that cannot be used`);
    entries.push([name, value]);
  }
  return Object.fromEntries(entries) as unknown as ServerMetadata;
}

type Kind = "text" | "address" | "list" | "flag";

const members: readonly (readonly [keyof ServerMetadata, string, Kind])[] = [
  ["issuer", "issuer", "text"],
  ["authorizationEndpoint", "authorization_endpoint", "address"],
  ["tokenEndpoint", "token_endpoint", "address"],
  ["revocationEndpoint", "revocation_endpoint", "address"],
  ["introspectionEndpoint", "introspection_endpoint", "address"],
  ["deviceAuthorizationEndpoint", "device_authorization_endpoint", "address"],
  ["registrationEndpoint", "registration_endpoint", "address"],
  ["userinfoEndpoint", "userinfo_endpoint", "address"],
  ["jwksUri", "jwks_uri", "address"],
  ["serviceDocumentation", "service_documentation", "address"],
  ["scopesSupported", "scopes_supported", "list"],
  ["responseTypesSupported", "response_types_supported", "list"],
  ["responseModesSupported", "response_modes_supported", "list"],
  ["grantTypesSupported", "grant_types_supported", "list"],
  ["tokenEndpointAuthMethodsSupported", "token_endpoint_auth_methods_supported", "list"],
  ["revocationEndpointAuthMethodsSupported", "revocation_endpoint_auth_methods_supported", "list"],
  ["introspectionEndpointAuthMethodsSupported", "introspection_endpoint_auth_methods_supported", "list"],
  ["codeChallengeMethodsSupported", "code_challenge_methods_supported", "list"],
  ["promptValuesSupported", "prompt_values_supported", "list"],
  ["authorizationResponseIssParameterSupported", "authorization_response_iss_parameter_supported", "flag"],
];

const maximumAddressLength = 2_000;

function isOfKind(value: unknown, kind: Kind, schemes: readonly string[]): boolean {
  if (kind === "flag") return typeof value === "boolean";
  if (kind === "list") return Array.isArray(value) && value.every((one) => typeof one === "string");
  if (typeof value !== "string") return false;
  return kind === "text" ? value.length <= maximumAddressLength : isAddress(value, schemes);
}

/**
 * An http(s) address from somebody else's answer that may be opened in a browser: nothing passes that a shell or a
 * browser could take for something else.
 */
export function isAddress(text: string, schemes: readonly string[]): boolean {
  if (text.length > maximumAddressLength) return false;
  if (!/^https?:\/\/[\x21\x23\x25\x26\x2b-\x3b\x3d\x3f-\x5a\x5b\x5d\x5f\x61-\x7a\x7e]+$/.test(text)) return false;
  return URL.canParse(text) && schemes.includes(new URL(text).protocol);
}
