import { createHash } from "node:crypto";
import { kraken, rfc6749, twitch } from "@codegrant/protocol";
import { expect } from "vitest";
import * as exchange from "../../src/decide/exchange.ts";
import type { Grant } from "../../src/records.ts";
import {
  applicationOf,
  codeSecret,
  codeVerifier,
  consentOf,
  grantOf,
  noProof,
  now,
  redirectUri,
  tokenOf,
  waitingGrantOf,
} from "./facts.ts";
import { describeRules, refusalOf } from "./switched-off.ts";

type Decide = typeof exchange;
type Facts = exchange.ExchangeFacts;

function factsOf(changes: Partial<Facts> = {}): Facts {
  return {
    token: tokenOf("code"),
    found: { grant: waitingGrantOf(), consent: consentOf() },
    application: applicationOf(),
    redirectUri,
    codeVerifier,
    dialect: twitch,
    now,
    ...changes,
  };
}

const foundWith = (grant: Grant, epoch = 1): Partial<Facts> => ({ found: { grant, consent: consentOf({ epoch }) } });
const used = (changes: Partial<Grant> = {}): Partial<Facts> => foundWith(grantOf(changes));
const wrong = "w".repeat(43);
const withoutPkce = foundWith(waitingGrantOf({ code: { redirectUri, failedTries: 0 } }));

const on = ({ decideExchange }: Decide, changes: Partial<Facts> = {}) => decideExchange(factsOf(changes));
const refusal = (decide: Decide, changes: Partial<Facts>): string => refusalOf(() => on(decide, changes));

describeRules<Decide>("exchange.ts", exchange, [
  {
    rule: "only a code is exchanged",
    off: ['token?.kind !== "code"', "token === undefined"],
    holds: (decide) => {
      expect(on(decide)).toEqual({ next: "issue", grant: waitingGrantOf() });
      expect(refusal(decide, { token: tokenOf("refresh", { proof: codeSecret }) })).toMatch(/not a code/);
    },
  },
  {
    rule: "a code of a grant that is gone is refused",
    off: ['if (found === undefined) throw refused("no such grant");', "if (found === undefined) throw new Error();"],
    holds: (decide) => {
      expect(refusal(decide, { found: undefined })).toMatch(/no such grant/);
    },
  },
  {
    rule: "another application's code is refused",
    off: ["consent.applicationId !== application.id", "false"],
    holds: (decide) => {
      expect(refusal(decide, { application: applicationOf({ id: 4 }) })).toMatch(/another application/);
    },
  },
  {
    rule: "the code's proof must fit the row",
    off: ["!isCodeSecretOf(grant, token.proof)", "false"],
    holds: (decide) => {
      expect(refusal(decide, { token: tokenOf("code", { proof: noProof }) })).toMatch(/proof/);
    },
  },
  {
    rule: "a replay with every proof right ends the grant",
    off: ['return { next: "end", grant, error };', "throw error;"],
    holds: (decide) => {
      expect(on(decide, used())).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "a replay with a wrong verifier changes nothing",
    off: ["usedPkce && !isVerifierOf(grant, codeVerifier)", "false"],
    holds: (decide) => {
      expect(refusal(decide, { ...used(), codeVerifier: wrong })).toMatch(/used \d+ s before/);
    },
  },
  {
    rule: "a replay without the verifier changes nothing",
    off: ["codeVerifier !== undefined &&\n", "codeVerifier === undefined ||\n"],
    holds: (decide) => {
      expect(refusal(decide, { ...used(), codeVerifier: undefined })).toMatch(/used \d+ s before/);
    },
  },
  {
    rule: "a replay of a grant that ended gives it no second reason",
    off: ["grant.exchangedAt === undefined || grant.ended !== undefined", "grant.exchangedAt === undefined"],
    holds: (decide) => {
      expect(refusal(decide, used({ ended: { at: now, why: "revoke" } }))).toMatch(/used \d+ s before/);
    },
  },
  {
    rule: "a page whose callback ran twice keeps its tokens, where PKCE was used",
    off: ["now - grant.exchangedAt <= doubleCallbackSeconds", "now - grant.exchangedAt < doubleCallbackSeconds"],
    holds: (decide) => {
      expect(refusal(decide, used({ exchangedAt: now - 10 }))).toMatch(/used \d+ s before/);
      expect(on(decide, used({ exchangedAt: now - 11 }))).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "without PKCE a replay ends the grant at once",
    off: ["if (usedPkce && now - grant", "if (now - grant"],
    holds: (decide) => {
      const replay = { ...used({ exchangedAt: now, challengePrefix: new Uint8Array() }), codeVerifier: undefined };
      expect(on(decide, replay)).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "the redirect URI is checked before the verifier, so a wrong one costs the code no try",
    off: ["  checkRedirectUri(grant.code, facts);", ""],
    holds: (decide) => {
      expect(refusal(decide, { redirectUri: `${redirectUri}/`, codeVerifier: wrong })).toMatch(/not the redirect URI/);
    },
  },
  {
    rule: "the redirect URI is that of the authorize request",
    off: ["redirectUri !== code.redirectUri", "false"],
    holds: (decide) => {
      const application = applicationOf({ redirectUris: [redirectUri, "https://client.example.com/other"] });
      expect(refusal(decide, { application, redirectUri: "https://client.example.com/other" })).toMatch(
        /not the redirect/,
      );
    },
  },
  {
    rule: "the redirect URI may be absent in RFC 6749 where PKCE was used",
    off: ["const mayBeAbsent = !dialect.redirectUri.requiredAtToken &&", "const mayBeAbsent = false &&"],
    holds: (decide) => {
      expect(on(decide, { redirectUri: undefined, dialect: rfc6749 })).toMatchObject({ next: "issue" });
    },
  },
  {
    rule: "it may not where PKCE was not used",
    off: ["requiredAtToken && code.codeChallenge !== undefined", "requiredAtToken"],
    holds: (decide) => {
      const facts = { ...withoutPkce, codeVerifier: undefined, redirectUri: undefined, dialect: rfc6749 };
      expect(refusal(decide, facts)).toMatch(/redirect_uri_missing/);
    },
  },
  {
    rule: "nor where the dialect requires it",
    off: ["if (!mayBeAbsent)", "if (false)"],
    holds: (decide) => {
      for (const dialect of [twitch, kraken])
        expect(refusal(decide, { redirectUri: undefined, dialect })).toMatch(/redirect_uri_missing/);
    },
  },
  {
    rule: "removing a redirect URI kills the codes under way to it",
    off: ["!matchRedirectUri(code.redirectUri, application.redirectUris, dialect.redirectUri)", "false"],
    holds: (decide) => {
      const application = applicationOf({ redirectUris: ["https://client.example.com/new"] });
      expect(refusal(decide, { application })).toMatch(/removed since/);
    },
  },
  {
    rule: "five wrong verifiers kill the code",
    off: ["grant.code.failedTries >= maximumTries", "false"],
    holds: (decide) => {
      const tries = (failedTries: number) => foundWith(waitingGrantOf({ code: { redirectUri, failedTries } }));
      expect(on(decide, { ...tries(4), codeVerifier: undefined })).toMatchObject({ next: "issue" });
      expect(refusal(decide, { ...tries(5), codeVerifier: undefined })).toMatch(/too many/);
    },
  },
  {
    rule: "a wrong verifier is counted",
    off: [
      'if (wrong !== undefined) return { next: "count", grant, error: wrong };',
      "if (wrong !== undefined) throw wrong;",
    ],
    holds: (decide) => {
      expect(on(decide, { codeVerifier: wrong })).toMatchObject({ next: "count" });
    },
  },
  {
    rule: "a wrong verifier at a dead code has nothing to be counted on",
    off: ["if (wrong !== undefined && !alive) throw wrong;", ""],
    holds: (decide) => {
      expect(refusal(decide, { ...foundWith(waitingGrantOf(), 2), codeVerifier: wrong })).toMatch(
        /verifier does not fit/,
      );
    },
  },
  {
    rule: "the verifier must fit the challenge",
    off: ["equal(codeChallengeOf(codeVerifier), codeChallenge)", "true"],
    holds: (decide) => {
      expect(on(decide, { codeVerifier: wrong })).toMatchObject({ next: "count" });
    },
  },
  {
    rule: "a verifier outside the grammar fits nothing, even with the right hash",
    off: ["if (isCodeVerifier(codeVerifier) && equal(", "if (equal("],
    holds: (decide) => {
      // The S256 of "short", as an application that breaks RFC 7636, 4.1 would send it.
      const codeChallenge = createHash("sha256").update("short").digest("base64url");
      expect(
        on(decide, {
          ...foundWith(waitingGrantOf({ code: { redirectUri, codeChallenge, failedTries: 0 } })),
          codeVerifier: "short",
        }),
      ).toMatchObject({ next: "count" });
    },
  },
  {
    rule: "a verifier left out is refused where there was a challenge, and costs no try",
    off: ["if (codeVerifier === undefined)\n", "if (false)\n"],
    holds: (decide) => {
      expect(refusal(decide, { codeVerifier: undefined })).toMatch(/code_verifier is missing/);
    },
  },
  {
    rule: "a verifier without a challenge is refused: someone stripped the challenge",
    off: ["if (codeVerifier !== undefined) throw new OAuthError", "if (false) throw new OAuthError"],
    holds: (decide) => {
      expect(refusal(decide, withoutPkce)).toMatch(/code_verifier_unexpected/);
    },
  },
  {
    rule: "a code that expired, or whose grant ended, is refused",
    off: ["if (!alive) throw", "if (false) throw"],
    holds: (decide) => {
      expect(refusal(decide, foundWith(waitingGrantOf({ expiresAt: now })))).toMatch(/expired or its grant ended/);
    },
  },
  {
    rule: "a code from the future is refused: the clock was set back",
    off: ["now < grant.createdAt - clockToleranceSeconds", "false"],
    holds: (decide) => {
      expect(on(decide, foundWith(waitingGrantOf({ createdAt: now + 5 })))).toMatchObject({ next: "issue" });
      expect(refusal(decide, foundWith(waitingGrantOf({ createdAt: now + 6 })))).toMatch(/future/);
    },
  },
]);
