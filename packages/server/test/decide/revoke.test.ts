import { expect } from "vitest";
import * as revoke from "../../src/decide/revoke.ts";
import type { TokenKind } from "../../src/tokens/token.ts";
import { applicationOf, consentOf, grantOf, noProof, tokenOf } from "./facts.ts";
import { describeRules } from "./switched-off.ts";

type Decide = typeof revoke;

const found = { grant: grantOf(), consent: consentOf() };
const foreign = applicationOf({ id: 4 });

function on({ decideRevocation }: Decide, kind: TokenKind, changes = {}, application = applicationOf()) {
  return decideRevocation(tokenOf(kind, changes), found, application);
}

function expectNeedsProof(decide: Decide, kind: TokenKind): void {
  expect(on(decide, kind).next).not.toBe("unknown");
  expect(on(decide, kind, { proof: noProof })).toEqual({ next: "unknown" });
}

describeRules<Decide>("revoke.ts", revoke, [
  {
    rule: "an application ends a token of its own",
    off: ['if (token?.kind === "application")\n', "if (false)\n"],
    holds: (decide) => {
      expect(on(decide, "application").next).toBe("endApplicationToken");
    },
  },
  {
    rule: "an application cannot end another one's own token",
    off: ["token.grantId === application.id ?", "true ?"],
    holds: (decide) => {
      expect(on(decide, "application", {}, foreign)).toEqual({ next: "foreign" });
    },
  },
  {
    rule: "what is no token of ours is unknown",
    off: ["token === undefined || found === undefined", "token === undefined && found === undefined"],
    holds: (decide) => {
      expect(decide.decideRevocation(undefined, found, applicationOf())).toEqual({ next: "unknown" });
    },
  },
  {
    rule: "a token of a grant that is gone is unknown",
    off: ["found === undefined ||", '(found === undefined && token.kind === "code") ||'],
    holds: (decide) => {
      expect(decide.decideRevocation(tokenOf("refresh"), undefined, applicationOf())).toEqual({ next: "unknown" });
    },
  },
  {
    rule: "a token without its proof ends nothing",
    off: [" || !isProven(token, found)", ""],
    holds: (decide) => {
      expectNeedsProof(decide, "refresh");
    },
  },
  {
    rule: "an application cannot end another one's grant",
    off: ["found.consent.applicationId !== application.id", "false"],
    holds: (decide) => {
      expect(on(decide, "refresh", {}, foreign)).toEqual({ next: "foreign" });
    },
  },
  {
    rule: "an access token ends access tokens up to its generation, and refresh lives on",
    off: ['token.kind === "access" ?', "false ?"],
    holds: (decide) => {
      expect(on(decide, "access")).toEqual({ next: "endAccess", throughGeneration: 6 });
    },
  },
  {
    rule: "a refresh token of any generation ends the grant",
    off: ["return isRefreshProofOf(grant, proof);", "return false;"],
    holds: (decide) => {
      for (const generation of [0, 3, 5, 9])
        expect(on(decide, "refresh", { generation })).toEqual({ next: "endGrant" });
    },
  },
  {
    rule: "a code ends the grant, and needs its proof",
    off: ["return isCodeSecretOf(grant, proof);", "return true;"],
    holds: (decide) => {
      expect(on(decide, "code")).toEqual({ next: "endGrant" });
      expectNeedsProof(decide, "code");
    },
  },
  {
    rule: "an access token needs its proof",
    off: ["return isAccessProofOf(grant, proof);", "return true;"],
    holds: (decide) => {
      expectNeedsProof(decide, "access");
    },
  },
]);
