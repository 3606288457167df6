import { type AuthorizationRequest, type Dialect, rfc6749, twitch } from "@codegrant/protocol";
import { expect } from "vitest";
import * as authorize from "../../src/decide/authorize.ts";
import type { Application } from "../../src/records.ts";
import { applicationOf, codeChallenge, consentOf, redirectUri } from "./facts.ts";
import { describeRules, refusalOf } from "./switched-off.ts";

type Decide = typeof authorize;

const request: AuthorizationRequest = {
  clientId: "printer",
  redirectUri,
  scopes: ["read", "write"],
  state: "s",
  codeChallenge,
  resources: [],
  prompt: [],
  forceConsent: false,
  extra: {},
};
const { codeChallenge: _, ...withoutPkce } = request;

function check(
  { checkAuthorizationRequest }: Decide,
  asked: AuthorizationRequest,
  application: Partial<Application> = {},
  dialect: Dialect = twitch,
): readonly string[] {
  return checkAuthorizationRequest(asked, applicationOf(application), dialect, (name) => name !== "unheard:of");
}

const refusal = (...all: Parameters<typeof check>): string => refusalOf(() => check(...all));

const facts: authorize.ConsentFacts = {
  application: applicationOf(),
  registeredRedirectUri: redirectUri,
  scopes: ["read"],
  resources: [],
  forceConsent: false,
  consent: consentOf(),
};
const { since: __, ...disconnected } = consentOf();

const next = ({ decideConsent }: Decide, changes: Partial<authorize.ConsentFacts> = {}) =>
  decideConsent({ ...facts, ...changes });

/** Straight back as it is, and the page with the change. */
function expectAsks(decide: Decide, changes: Partial<authorize.ConsentFacts>): void {
  expect(next(decide)).toEqual({ next: "grant" });
  expect(next(decide, changes)).toMatchObject({ next: "ask" });
}

describeRules<Decide>("authorize.ts", authorize, [
  {
    rule: "a disabled application gets no code",
    off: ["if (application.disabled)", "if (false)"],
    holds: (decide) => {
      expect(check(decide, request)).toEqual(["read", "write"]);
      expect(refusal(decide, request, { disabled: true })).toMatch(/client_disabled/);
    },
  },
  {
    rule: "PKCE is never optional for a public application",
    off: ['type === "public" || ', ""],
    holds: (decide) => {
      const application: Partial<Application> = { type: "public", settings: { pkce: "optional" } };
      expect(refusal(decide, withoutPkce, application)).toMatch(/code_challenge_missing/);
    },
  },
  {
    rule: "an application that requires PKCE must send it in every dialect",
    off: [' || settings.pkce === "required"', ""],
    holds: (decide) => {
      expect(refusal(decide, withoutPkce, { settings: { pkce: "required" } })).toMatch(/code_challenge_missing/);
    },
  },
  {
    rule: "RFC 6749 requires PKCE of confidential applications too",
    off: ["dialect.pkce.requiredForConfidential &&", "false &&"],
    holds: (decide) => {
      expect(check(decide, withoutPkce)).toEqual(["read", "write"]);
      expect(refusal(decide, withoutPkce, {}, rfc6749)).toMatch(/code_challenge_missing/);
    },
  },
  {
    rule: "unless they were registered without it",
    off: [' && settings.pkce !== "optional"', ""],
    holds: (decide) => {
      expect(check(decide, withoutPkce, { settings: { pkce: "optional" } }, rfc6749)).toEqual(["read", "write"]);
    },
  },
  {
    rule: "the absence of PKCE is looked at",
    off: ["if (request.codeChallenge === undefined) checkPkceMayBeAbsent(application, dialect);", ""],
    holds: (decide) => {
      expect(refusal(decide, withoutPkce, { type: "public" })).toMatch(/code_challenge_missing/);
    },
  },
  {
    rule: "offline_access is no error and grants nothing",
    off: ["asked.filter((scope) => scope !== withoutMeaning)", "asked"],
    holds: (decide) => {
      expect(check(decide, { ...request, scopes: ["offline_access", "read"] })).toEqual(["read"]);
    },
  },
  {
    rule: "openid is refused with a sentence",
    off: ['scope === "openid"', "false"],
    holds: (decide) => {
      expect(refusal(decide, { ...request, scopes: ["openid"] })).toMatch(/^invalid_scope/);
    },
  },
  {
    rule: "an unknown scope is refused",
    off: ["!isKnownScope(scope)", "false"],
    holds: (decide) => {
      expect(refusal(decide, { ...request, scopes: ["unheard:of"] })).toMatch(/unknown scope/);
    },
  },
  {
    rule: "an application may ask only for the scopes that are allowed to it",
    off: ["!settings.allowedScopes.includes(scope)", "false"],
    holds: (decide) => {
      expect(refusal(decide, request, { settings: { allowedScopes: ["read"] } })).toMatch(/may not ask for write/);
    },
  },
  {
    rule: "every scope is looked at",
    off: ["for (const scope of scopes) checkScope(scope, application, isKnownScope);", ""],
    holds: (decide) => {
      expect(refusal(decide, { ...request, scopes: ["read", "unheard:of"] })).toMatch(/unknown scope/);
    },
  },
  {
    rule: "consent that is forced is asked for",
    off: ["if (facts.forceConsent) return ask;", ""],
    holds: (decide) => {
      expectAsks(decide, { forceConsent: true });
    },
  },
  {
    rule: "a public application's user is always asked",
    off: ['if (application.type === "public") return ask;', ""],
    holds: (decide) => {
      expectAsks(decide, { application: applicationOf({ type: "public" }) });
    },
  },
  {
    rule: "who said yes to all of it is not asked again",
    off: ["if (isCovered(facts))", "if (false)"],
    holds: (decide) => {
      expect(next(decide)).toEqual({ next: "grant" });
    },
  },
  {
    rule: "a trusted application's user is not asked",
    off: ["application.settings.trusted === true", "false"],
    holds: (decide) => {
      const application = applicationOf({ settings: { trusted: true } });
      expect(next(decide, { application, consent: undefined })).toEqual({ next: "grantAndRemember" });
    },
  },
  {
    rule: "what was granted before is told apart",
    off: ["consent?.since === undefined ? [] : consent.scopes", "[]"],
    holds: (decide) => {
      expect(next(decide, { scopes: ["write"] })).toEqual({ next: "ask", granted: ["read"] });
    },
  },
  {
    rule: "after a Disconnect the page is shown again",
    off: ["consent?.since !== undefined &&", "consent !== undefined &&"],
    holds: (decide) => {
      expectAsks(decide, { consent: disconnected });
    },
  },
  {
    rule: "a redirect URI that the user has not seen is shown",
    off: ["consent.redirectUris.includes(registeredRedirectUri) &&", ""],
    holds: (decide) => {
      expectAsks(decide, { registeredRedirectUri: "https://client.example.com/other" });
    },
  },
  {
    rule: "a new scope is asked for",
    off: ["scopes.every((scope) => consent.scopes.includes(scope)) &&", ""],
    holds: (decide) => {
      expectAsks(decide, { scopes: ["read", "write"] });
    },
  },
  {
    rule: "a new resource is asked for",
    off: ["resources.every((resource) => consent.resources.includes(resource))", "true"],
    holds: (decide) => {
      expectAsks(decide, { resources: ["https://photos.example"] });
    },
  },
  {
    rule: "a scope that was left unticked goes, if it is optional",
    off: ["|| ticked.includes(scope)", ""],
    holds: ({ chooseScopes }) => {
      expect(chooseScopes(["a", "b", "c"], ["b", "c"], ["c"])).toEqual(["a", "c"]);
    },
  },
  {
    rule: "a scope that is not optional stays, whatever the form says",
    off: ["!optional.includes(scope) ||", ""],
    holds: ({ chooseScopes }) => {
      expect(chooseScopes(["a", "b"], ["b"], [])).toEqual(["a"]);
    },
  },
  {
    rule: "while the platform names no resource, any is taken",
    off: ["known.length === 0 ? undefined :", ""],
    holds: ({ checkResources }) => {
      expect(() => checkResources(["https://api.example"], [])).not.toThrow();
    },
  },
  {
    rule: "an unknown resource is refused",
    off: ["!known.includes(resource)", "false"],
    holds: ({ checkResources }) => {
      expect(refusalOf(() => checkResources(["https://b.example"], ["https://a.example"]))).toMatch(/^invalid_target/);
    },
  },
]);
