/** What a resource server says about itself (RFC 9728, 2), as far as it is said here. */
export interface ProtectedResourceMetadata {
  /** The resource's identifier: an https URL without a fragment, byte for byte as clients name it in `resource`. */
  readonly resource: string;
  readonly authorizationServers: readonly string[];
  readonly scopesSupported?: readonly string[] | undefined;
  readonly resourceName?: string | undefined;
  readonly resourceDocumentation?: string | undefined;
}

/** The JSON of the metadata document. Tokens come in the header alone (RFC 6750, 2.1), and it says so. */
export function formatProtectedResourceMetadata(metadata: ProtectedResourceMetadata): string {
  return JSON.stringify({
    resource: metadata.resource,
    authorization_servers: metadata.authorizationServers,
    scopes_supported: metadata.scopesSupported,
    bearer_methods_supported: ["header"],
    resource_name: metadata.resourceName,
    resource_documentation: metadata.resourceDocumentation,
  });
}

/** Where the document stands: the well-known name goes between the host and the resource's path (RFC 9728, 3.1). */
export function protectedResourceMetadataUrl(resource: string): string {
  const { origin, pathname, search } = new URL(resource);
  const path = pathname === "/" ? "" : pathname;
  return `${origin}/.well-known/oauth-protected-resource${path}${search}`;
}
