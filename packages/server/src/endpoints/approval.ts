import { OAuthError } from "@codegrant/protocol";
import { mayGrant } from "../accounts.ts";
import { readBrowser } from "../browser.ts";
import { type AnsweredForm, decideApproval, isAnsweredAlready } from "../decide/approve.ts";
import type { Message } from "../message.ts";
import { PageError } from "../page-error.ts";
import type { Consent } from "../records.ts";
import { formatToken, wholeResourceMask, wholeScopeMask } from "../tokens/token.ts";
import { approvedMessage } from "./authorization-answer.ts";
import { type Asked, promptIsNone } from "./authorization-asked.ts";
import { record, type Visit } from "./authorization-visit.ts";
import { finishedMessage } from "./consent.ts";

/** Approves by the form that was shown. A form answered twice, by whatever way, approves once. */
export async function approveForm(visit: Visit, asked: Asked, form: AnsweredForm): Promise<Message> {
  const { platform, target, browser } = visit;
  return atMostThreeTimes(visit, async (now) => {
    const consent = await platform.store.findConsent(browser.signedIn?.user.id ?? "", target.application.id);
    if (isAnsweredAlready(form, consent)) return finishedMessage(visit);
    const message = await approve(now, asked, consent, form);
    if (message !== undefined) await record(visit, "consent.approved", asked.scopes.join(" "));
    return message;
  });
}

/**
 * Writes the grant and answers with its code. Undefined when what was loaded changed meanwhile, and nothing was written.
 */
export async function approve(
  visit: Visit,
  asked: Asked,
  consent: Consent | undefined,
  form?: AnsweredForm,
): Promise<Message | undefined> {
  const { platform, dialect, target } = visit;
  const { signedIn } = visit.browser;
  if (signedIn === undefined) throw new PageError(403, "formExpired");
  if (!(await mayGrant(platform, signedIn.user.id))) throw notAllowed(asked);
  const key = platform.keys.current;
  const now = platform.now();
  const codeSecret = platform.random(12);
  const codeLifetimeSeconds = platform.settings.codeLifetimeSeconds;
  const outcome = await platform.store.approve(
    decideApproval({
      user: signedIn.user,
      application: target.application,
      consent,
      // Each member by name: spreads here cost a tenth of the request.
      scopes: asked.scopes,
      resources: asked.resources,
      redirectUri: target.redirectUri,
      registeredRedirectUri: target.registeredRedirectUri,
      codeChallenge: asked.codeChallenge,
      form,
      keyId: key.id,
      codeSecret,
      codeLifetimeSeconds,
      now,
    }),
  );
  if (outcome.outcome === "changed") return undefined;
  const { grantId } = outcome;
  const { clientId } = target.application;
  const { requestId } = visit.request;
  platform.log({ level: "info", event: "code.issued", requestId, clientId, userId: signedIn.user.id, grantId });
  const code = formatToken(
    {
      kind: "code",
      grantId,
      generation: 0,
      expiresAt: now + codeLifetimeSeconds,
      scopeMask: wholeScopeMask,
      resourceMask: wholeResourceMask,
      proof: codeSecret,
    },
    key,
    dialect.family,
  );
  return approvedMessage(visit, asked, code);
}

function notAllowed(asked: Asked): OAuthError | PageError {
  const detail = "the host disabled the user, or knows them no more";
  return promptIsNone(asked)
    ? new OAuthError("login_required", { detail })
    : new PageError(403, "forbidden", { detail });
}

/**
 * Whoever loses against a change made at the same moment loads and decides again: the person too, who may have been
 * disabled or raised meanwhile.
 */
export async function atMostThreeTimes(
  visit: Visit,
  attempt: (visit: Visit) => Promise<Message | undefined>,
): Promise<Message> {
  for (let i = 0; i < 3; i++) {
    const message = await attempt(i === 0 ? visit : await seeAgain(visit));
    if (message !== undefined) return message;
  }
  throw new PageError(503, "unavailable", { waitSeconds: 1 });
}

async function seeAgain(visit: Visit): Promise<Visit> {
  return { ...visit, browser: await readBrowser(visit.platform, visit.request) };
}
