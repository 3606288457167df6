import { checkProvider, type Endpoints, type Provider } from "./provider.ts";
import { plainDialect } from "./providers/plain-dialect.ts";

/** A record of one's own: whatever is left out is as RFC 6749 has it. */
export type ProviderColumns = Partial<Provider> & Pick<Provider, "name"> & { readonly endpoints: Endpoints };

/**
 * Any server by its endpoints. One that publishes metadata is better found by `discoverProvider`. Throws `TypeError`
 * for addresses that would send secrets in the clear.
 *
 * @example
 * const provider = defineProvider({
 *   name: "shop",
 *   endpoints: { authorize: "https://shop.example/authorize", token: "https://shop.example/token" },
 * });
 */
export function defineProvider(columns: ProviderColumns): Provider {
  const provider: Provider = {
    title: columns.name,
    dialect: plainDialect,
    pkce: "ok",
    issuerInCallback: false,
    clientAuthentication: "basic",
    codeNeedsSecret: false,
    revokeTakesSecret: true,
    sources: [],
    verifiedOn: "",
    ...columns,
  };
  checkProvider(provider);
  return provider;
}
