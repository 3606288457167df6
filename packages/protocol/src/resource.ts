import { OAuthError } from "./error.ts";
import type { Parameters } from "./parameters.ts";

/** The `resource` parameters: absolute URIs without a fragment, at most eight, repeats dropped (RFC 8707, 2). */
export function parseResources(parameters: Parameters): readonly string[] {
  if (!parameters.has("resource")) return none;
  const resources = new Set(parameters.all("resource").filter((uri) => uri !== ""));
  if (resources.size > maximumResources) throw malformedResource("At most 8 resources can be named");
  for (const uri of resources) {
    if (!isResource(uri)) throw malformedResource("A resource must be an absolute URI without a fragment");
  }
  return [...resources];
}

/** An absolute URI without a fragment, of at most 2,000 visible ASCII characters. */
export function isResource(uri: string): boolean {
  return uri.length <= maximumLength && /^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x22\x24-\x7e]+$/.test(uri);
}

const none: readonly string[] = [];
const maximumResources = 8;
const maximumLength = 2_000;

function malformedResource(description: string): OAuthError {
  return new OAuthError("invalid_target", { reason: "resource_malformed", description });
}
