import type { IdentitySource, Provider, RefreshHabits } from "@codegrant/client";

/** A provider as people read it: what it does otherwise than RFC 6749, column by column. Unset columns are left out. */
export type Fact = readonly [label: string, value: string | undefined];

export function describeProvider(provider: Provider): readonly Fact[] {
  return [...endpointsOf(provider), ...requestOf(provider), ...tokensOf(provider), ...restOf(provider)];
}

/** The row of a table of them all. */
export function summarizeProvider(provider: Provider): readonly string[] {
  const { codeNeedsSecret, endpoints, title } = provider;
  const withoutSecret = codeNeedsSecret ? (endpoints.device === undefined ? "no" : "by device") : "yes";
  return [title, pkceWords[provider.pkce], withoutSecret, rotationOf(provider.refresh), yesOrNo(endpoints.revoke)];
}

export const summaryHeading: readonly string[] = [
  "provider",
  "PKCE",
  "without a secret",
  "refresh token",
  "revocation",
];

function endpointsOf({ endpoints }: Provider): Fact[] {
  return [
    ["authorize", endpoints.authorize],
    ["token", endpoints.token],
    ["device", endpoints.device],
    ["revoke", endpoints.revoke],
    ["validate", endpoints.validate],
    ["userinfo", endpoints.userinfo],
    ["introspect", endpoints.introspect],
    ["keys", endpoints.jwks],
  ];
}

function requestOf(provider: Provider): Fact[] {
  const { dialect, prompt, responseMode } = provider;
  return [
    ["PKCE", pkceWords[provider.pkce]],
    ["client secret", secretOf(provider)],
    ["scopes", dialect.scope.separator === "," ? "with commas between them" : undefined],
    ["always asks for", provider.offlineScopes?.join(" ")],
    ["always sends", pairsOf({ ...provider.authorizeParameters, ...(prompt && { prompt: prompt.join(" ") }) })],
    ["with the code", pairsOf(dialect.tokenRequest.besideCode)],
    ["body", provider.requestBody === "json" ? "JSON" : undefined],
    ["client id", dialect.clientIdName === "client_id" ? undefined : `is called ${dialect.clientIdName}`],
    ["the answer", responseMode === "form_post" ? "is posted to the redirect URI" : undefined],
    ["granted scopes", dialect.authorize.scopeInResponse ? "stand in the callback" : undefined],
    ["another account", forceOf(provider)],
  ];
}

function tokensOf(provider: Provider): Fact[] {
  const { publicRefresh, refresh, revocation = {} } = provider;
  const every = provider.validateEverySeconds;
  return [
    ["refresh", refreshOf(refresh)],
    ["without a secret", publicRefresh === undefined ? undefined : refreshOf(publicRefresh)],
    ["logout sends", revocation.sends?.map((kind) => kind.replace("_", " ")).join(", ")],
    ["validate", every === undefined ? undefined : `at the start and every ${lifetime(every)}`],
  ];
}

function restOf({ api, defaultRedirectUri, identity, issuer, sources, verifiedOn }: Provider): Fact[] {
  return [
    ["who approved", identity === undefined ? undefined : identity.map(identityOf).join("; else ")],
    ["issuer", issuer],
    ["API", api?.baseUrl],
    ["API headers", api?.headers === undefined ? undefined : pairsOf(api.headers)],
    ["token's header", api?.tokenHeader],
    ["redirect URI", defaultRedirectUri],
    ["sources", sources.join(" ")],
    ["read in", verifiedOn],
  ];
}

const pkceWords: Readonly<Record<Provider["pkce"], string>> = {
  required: "required",
  ok: "yes",
  ignored: "no",
  harmful: "no, and it breaks the login",
  unverified: "not verified, so none is sent",
};

function secretOf({ clientAuthentication, codeNeedsSecret, endpoints }: Provider): string {
  const how = clientAuthentication === "basic" ? "by Basic" : "in the body";
  if (!codeNeedsSecret) return `${how}; or none`;
  return endpoints.device === undefined ? `${how}, always` : `${how}; without one, by device`;
}

function forceOf({ dialect, forceConsentPrompt }: Provider): string | undefined {
  if (forceConsentPrompt !== undefined) return `prompt=${forceConsentPrompt.join(" ")}`;
  const name = dialect.authorize.forceConsentParameter;
  return name === undefined ? undefined : `${name}=true`;
}

function rotationOf({ rotates }: RefreshHabits = {}): string {
  return rotates === undefined ? "not known" : rotationWords[rotates];
}

const rotationWords = { always: "new each time", sometimes: "sometimes new", never: "stays" } as const;
const reuseWords = { answers: "is answered", refuses: "is refused", ends_grant: "ends the connection" } as const;

function refreshOf(habits: RefreshHabits | undefined): string | undefined {
  if (habits === undefined) return undefined;
  const { graceSeconds, idleLifetimeSeconds, lifetimeSeconds, onReuse, rotates } = habits;
  const grace = graceSeconds === undefined || !Number.isFinite(graceSeconds) || graceSeconds === 0;
  return [
    rotates === undefined ? undefined : rotationWords[rotates],
    onReuse === undefined || rotates === "never" ? undefined : `an old one ${reuseWords[onReuse]}`,
    grace ? undefined : `good for ${lifetime(graceSeconds)} more`,
    lifetimeSeconds === undefined ? undefined : `ends ${lifetime(lifetimeSeconds)} after the approval`,
    idleLifetimeSeconds === undefined ? undefined : `ends after ${lifetime(idleLifetimeSeconds)} unused`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}

function identityOf({ from, id, needsScope }: IdentitySource): string {
  const scope = needsScope === undefined ? "" : ` (with ${needsScope.join(" or ")})`;
  return `${id.join(".")} of ${placeWords[from]}${scope}`;
}

const placeWords = {
  validate: "validate",
  userinfo: "userinfo",
  introspect: "introspection",
  token_response: "the token answer",
  id_token: "the ID token",
} as const;

function pairsOf(pairs: Readonly<Record<string, string>> | undefined): string | undefined {
  const all = Object.entries(pairs ?? {}).map(([name, value]) => `${name}=${value}`);
  return all.length === 0 ? undefined : all.join(" ");
}

function lifetime(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} days`;
  return seconds % 3_600 === 0 ? (seconds === 3_600 ? "hour" : `${seconds / 3_600} hours`) : `${seconds / 60} minutes`;
}

function yesOrNo(address: string | undefined): string {
  return address === undefined ? "no" : "yes";
}
