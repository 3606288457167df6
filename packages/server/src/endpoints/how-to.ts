import {
  appendToRedirectUri,
  type Dialect,
  formatAuthorizationError,
  formatAuthorizationRequest,
  formatAuthorizationResponse,
  formatErrorResponse,
  formatTokenResponse,
  OAuthError,
} from "@codegrant/protocol";
import { listOwnApplications } from "../actions/applications.ts";
import { type Browser, basePathOf, frameOf, pageMessage, readBrowser } from "../browser.ts";
import type { HowToFacts } from "../how-to/facts.ts";
import { quoteShell } from "../how-to/quote.ts";
import { snippetsOf } from "../how-to/snippets.ts";
import { type Endpoint, isRead, type RequestRecord } from "../message.ts";
import { PageError } from "../page-error.ts";
import { type HowToView, howToPage } from "../pages/index.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";
import { parseQuery } from "./authorization-target.ts";
import { answerSignInPage, signInMessage } from "./sign-in.ts";

/** Where the endpoints of the how-to stand, and what there is beside them. */
export interface HowToMount {
  readonly path: string;
  readonly dialect: Dialect;
  readonly canValidate: boolean;
  readonly hasMetadata: boolean;
}

/**
 * How to get a token from this very server, for developers. With `sign_in` a stranger is asked to sign in first, so that
 * their own application's values are filled in; `client_id` chooses among several.
 */
export function howToEndpoint(platform: Platform, mount: HowToMount): Endpoint {
  return async (request) => {
    if (request.method === "POST") return answerSignInPage(platform, request);
    if (!isRead(request)) throw new PageError(405, "methodNotAllowed", { headers: ["Allow", "GET, HEAD, POST"] });
    const query = parseQuery(request.query);
    const browser = await readBrowser(platform, request);
    if (browser.signedIn === undefined && query.has("sign_in")) return signInMessage(platform, request, browser);
    const own = browser.signedIn === undefined ? [] : await listOwnApplications(platform, browser.signedIn.user.id);
    const usable = own.filter(({ redirectUris }) => redirectUris.length > 0);
    const chosen = usable.find(({ clientId }) => clientId === query.get("client_id")) ?? usable.at(-1);
    return pageMessage(200, howToPage(viewOf(platform, mount, request, { browser, usable, chosen })));
  };
}

interface Reader {
  readonly browser: Browser;
  readonly usable: readonly Application[];
  readonly chosen: Application | undefined;
}

function viewOf(platform: Platform, mount: HowToMount, request: RequestRecord, reader: Reader): HowToView {
  const { browser, usable, chosen } = reader;
  const facts = factsOf(platform, mount, chosen);
  const page = `${basePathOf(platform)}/docs/authorization-code`;
  return {
    ...frameOf(platform, request, browser),
    now: platform.now(),
    application: chosen && { name: chosen.name, type: chosen.type },
    others: usable
      .filter((application) => application !== chosen)
      .map(({ name, clientId }) => ({ name, path: `${page}?client_id=${clientId}` })),
    ...(browser.signedIn === undefined && { signInPath: `${page}?sign_in=1` }),
    endpoints: endpointsOf(facts, mount),
    parameters: parametersOf(mount.dialect),
    ...examplesOf(facts, mount.dialect),
    codeLifetimeSeconds: platform.settings.codeLifetimeSeconds,
    accessTokenLifetimeSeconds:
      chosen?.settings.accessTokenLifetimeSeconds ?? mount.dialect.lifetimes.accessTokenSeconds,
    refreshCommand: tokenCommand(facts, facts.tokenUrl, ["grant_type=refresh_token", "refresh_token=REFRESH_TOKEN"]),
    revokeCommand: tokenCommand(facts, `${facts.issuer}${facts.path}/revoke`, ["token=REFRESH_TOKEN"]),
    snippets: snippetsOf(facts),
  };
}

/** Placeholders are such that a program with them still runs, up to the server's "unknown application". */
function factsOf({ settings }: Platform, mount: HowToMount, application: Application | undefined): HowToFacts {
  const { issuer, scopes } = settings;
  const [first] = application?.settings.allowedScopes ?? [];
  return {
    issuer,
    path: mount.path,
    authorizeUrl: `${issuer}${mount.path}/authorize`,
    tokenUrl: `${issuer}${mount.path}/token`,
    validateUrl: mount.canValidate ? `${issuer}${mount.path}/validate` : undefined,
    issuerInAnswer: mount.dialect.authorize.issuerInResponse,
    kitDialect: mount.dialect.family,
    clientId: application?.clientId ?? "CLIENT_ID",
    redirectUri: application?.redirectUris[0] ?? "http://localhost:3000/callback",
    scope: first ?? (scopes.all.find(({ sensitive }) => !sensitive) ?? scopes.all[0])?.name ?? "",
    hasSecret: application?.type !== "public",
  };
}

function endpointsOf(facts: HowToFacts, { hasMetadata }: HowToMount): HowToView["endpoints"] {
  return [
    { kind: "authorize", url: facts.authorizeUrl },
    { kind: "token", url: facts.tokenUrl },
    { kind: "revoke", url: `${facts.issuer}${facts.path}/revoke` },
    ...(facts.validateUrl === undefined ? [] : [{ kind: "validate", url: facts.validateUrl } as const]),
    ...(hasMetadata
      ? [{ kind: "metadata", url: `${facts.issuer}/.well-known/oauth-authorization-server` } as const]
      : []),
  ];
}

function parametersOf({ authorize }: Dialect): HowToView["parameters"] {
  return [
    { kind: "responseType", name: "response_type" },
    { kind: "clientId", name: "client_id" },
    { kind: "redirectUri", name: "redirect_uri" },
    { kind: "scope", name: "scope" },
    { kind: "state", name: "state" },
    { kind: "codeChallenge", name: "code_challenge, code_challenge_method=S256" },
    ...(authorize.forceConsentParameter === undefined
      ? []
      : [{ kind: "forceConsent", name: authorize.forceConsentParameter } as const]),
    ...(authorize.promptIsRead ? [{ kind: "prompt", name: "prompt" } as const] : []),
  ];
}

type Examples = Pick<HowToView, "authorizeUrl" | "approvedUrl" | "declinedUrl" | "tokenResponse" | "refusals">;

/** Written by the very code that answers, so that the page cannot say anything else. */
function examplesOf(facts: HowToFacts, dialect: Dialect): Examples {
  const { clientId, redirectUri, issuer } = facts;
  const scopes = [facts.scope];
  const state = "STATE";
  const asked = formatAuthorizationRequest(
    { clientId, redirectUri, scopes, state, codeChallenge: "CODE_CHALLENGE" },
    dialect,
  );
  const back = (query: string): string => appendToRedirectUri(redirectUri, query);
  // With spaces, so that a narrow screen breaks it between words.
  const refuse = (error: OAuthError): string => indent(formatErrorResponse(error, dialect).body).replace(/\n */g, " ");
  const refuseBack = (error: OAuthError): string => back(formatAuthorizationError({ error, state, issuer }, dialect));
  const declined = refuseBack(new OAuthError("access_denied", { reason: "user_denied" }));
  return {
    authorizeUrl: `${facts.authorizeUrl}?${asked}`,
    approvedUrl: back(formatAuthorizationResponse({ code: "CODE", scopes, state, issuer }, dialect)),
    declinedUrl: declined,
    tokenResponse: indent(
      formatTokenResponse(
        {
          accessToken: "ACCESS_TOKEN",
          refreshToken: "REFRESH_TOKEN",
          scopes,
          expiresInSeconds: dialect.lifetimes.accessTokenSeconds,
        },
        dialect,
      ),
    ),
    refusals: [
      { kind: "declined", answer: "error=access_denied" },
      { kind: "scope", answer: "error=invalid_scope" },
      { kind: "code", answer: refuse(new OAuthError("invalid_grant", { reason: "code_invalid" })) },
      ...(facts.hasSecret
        ? [
            {
              kind: "secret",
              answer: refuse(new OAuthError("invalid_client", { reason: "client_secret_wrong" })),
            } as const,
          ]
        : []),
      { kind: "refreshToken", answer: refuse(new OAuthError("invalid_grant", { reason: "refresh_token_invalid" })) },
    ],
  };
}

const indent = (json: string): string => JSON.stringify(JSON.parse(json), undefined, 2);

function tokenCommand(facts: HowToFacts, url: string, fields: readonly string[]): string {
  const lines = [
    `curl -sS ${quoteShell(url)}`,
    ...fields.map((field) => `  -d ${field}`),
    `  -d client_id=${facts.clientId}`,
    ...(facts.hasSecret ? ['  -d client_secret="$CLIENT_SECRET"'] : []),
  ];
  return lines.join(" \\\n");
}
