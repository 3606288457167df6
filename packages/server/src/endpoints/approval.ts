import { readBrowser } from "../browser.ts";
import { type AnsweredForm, decideApproval, isAnsweredAlready } from "../decide/approve.ts";
import type { Message } from "../message.ts";
import { PageError } from "../page-error.ts";
import type { Consent } from "../records.ts";
import { formatToken, wholeResourceMask, wholeScopeMask } from "../tokens/token.ts";
import { approvedMessage } from "./authorization-answer.ts";
import type { Asked } from "./authorization-asked.ts";
import { identify, record, type Visit } from "./authorization-visit.ts";
import { finishedMessage } from "./consent.ts";

/** Approves by the form that was shown. A form answered twice, by whatever way, approves once. */
export async function approveForm(visit: Visit, asked: Asked, form: AnsweredForm): Promise<Message> {
  const { platform, target, browser } = visit;
  return atMostThreeTimes(async () => {
    const consent = await platform.store.findConsent(browser.signedIn?.user.id ?? "", target.application.id);
    if (isAnsweredAlready(form, consent)) return finishedMessage(visit);
    const message = await approve(visit, asked, consent, form);
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
  // Loaded again on every try: a user disabled or raised meanwhile must be seen.
  const { signedIn } = await readBrowser(platform, visit.request);
  if (signedIn === undefined) throw new PageError(403, "formExpired");
  const key = platform.keys.current;
  const now = platform.now();
  const codeSecret = platform.random(12);
  const codeLifetimeSeconds = platform.settings.codeLifetimeSeconds;
  const outcome = await platform.store.approve(
    decideApproval({
      ...target,
      ...asked,
      user: signedIn.user,
      consent,
      ...(form !== undefined && { form }),
      keyId: key.id,
      codeSecret,
      codeLifetimeSeconds,
      now,
    }),
  );
  if (outcome.outcome === "changed") return undefined;
  platform.log({ ...identify(visit), level: "info", event: "code.issued", grantId: outcome.grantId });
  const view = { generation: 0, scopeMask: wholeScopeMask, resourceMask: wholeResourceMask };
  const code = formatToken(
    { ...view, kind: "code", grantId: outcome.grantId, expiresAt: now + codeLifetimeSeconds, proof: codeSecret },
    key,
    dialect.family,
  );
  return approvedMessage(visit, asked, code);
}

/** Whoever loses against a change made at the same moment loads and decides again. */
export async function atMostThreeTimes(attempt: () => Promise<Message | undefined>): Promise<Message> {
  for (let i = 0; i < 3; i++) {
    const message = await attempt();
    if (message !== undefined) return message;
  }
  throw new PageError(503, "unavailable", { waitSeconds: 1 });
}
