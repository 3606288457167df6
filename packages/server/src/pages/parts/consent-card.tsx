import type { Child } from "hono/jsx";
import type { AskingApplication, ConsentView, ScopeChoice } from "../views.ts";
import type { Words } from "../words/en.ts";
import { CardPage } from "./document.tsx";
import { Csrf, Problem } from "./form.tsx";
import { PlatformMark, Tile } from "./marks.tsx";
import { Name, Person } from "./name.tsx";
import { ScopeChoices, ScopeList } from "./scope-list.tsx";

type Asking = Omit<ConsentView, "redirectUri">;

interface ConsentCardProps {
  readonly view: Asking;
  readonly title: string;
  /** Between the person and the scopes, for instance a code to compare. */
  readonly before?: Child;
  /** What happens after the answer. */
  readonly after: Child;
  /** When to approve, and when not to. */
  readonly caution: string;
}

/** One application's request and the person's answer: the same card for a browser and for a device. */
export function ConsentCard({ view, title, before, after, caution }: ConsentCardProps) {
  const { consent: words, frame } = view.words;
  return (
    <CardPage view={view} title={view.problem ? frame.titleWithProblem(title) : title}>
      <div class="meeting">
        <Tile name={view.application.name} />
        <span class="dots" aria-hidden="true" />
        <PlatformMark of={view.platform} />
      </div>
      <h1 class="asks">{words.wants(<Name of={view.application.name} />, view.platform.name)}</h1>
      <Maker application={view.application} platform={view.platform.name} words={view.words} />
      {view.problem && <Problem>{words[view.problem]}</Problem>}
      <Account view={view} />
      {before}
      <form method="post" autocomplete="off">
        <Proof view={view} />
        <Asked view={view} />
        <div class="after">
          {after}
          <p>{caution}</p>
        </div>
        <Answer words={view.words} />
      </form>
    </CardPage>
  );
}

function Maker(props: { readonly application: AskingApplication; readonly platform: string; readonly words: Words }) {
  const { application, platform } = props;
  const words = props.words.consent;
  const about = application.verified ? "" : words.aboutType[application.type];
  return (
    <div class="maker">
      <p>
        <span>{ownerText(application, platform, words)}</span>
        <span class={application.verified ? "tag good" : "tag"}>
          {application.verified ? words.verified(platform) : words.notVerified(platform)}
        </span>
      </p>
      {about && <p>{about}</p>}
    </div>
  );
}

function ownerText({ owner, ownerIsGone }: AskingApplication, platform: string, words: Words["consent"]) {
  if (owner !== undefined) return words.owner(<Name of={owner} />);
  return ownerIsGone ? words.ownerIsGone : words.ownerIsPlatform(platform);
}

/** The form stands apart, so that it answers nothing but "somebody else". */
function Account({ view }: { readonly view: Asking }) {
  const words = view.words.consent;
  return (
    <div class="account">
      <Tile name={view.signedInAs.displayName} round />
      <div>
        <p>
          <span class="label">{words.signedInAs}</span> <Person of={view.signedInAs} words={view.words} />
        </p>
        {view.canSwitch !== false && (
          <form method="post">
            <Proof view={view} />
            <button class="text" name="decision" value="switch">
              {words.useAnother}
            </button>
          </form>
        )}
      </div>
    </div>
  );
}

/** What both forms carry: the token holds for this date of the form only. */
function Proof({ view }: { readonly view: Asking }) {
  return (
    <>
      <Csrf value={view.csrf} />
      <input type="hidden" name="form" value={view.form} />
    </>
  );
}

function Asked({ view }: { readonly view: Asking }) {
  const words = view.words.consent;
  const granted = view.scopes.filter((scope) => scope.granted);
  const fresh = view.scopes.filter((scope) => !scope.granted);
  const required = fresh.filter((scope) => !scope.optional);
  const optional = fresh.filter((scope) => scope.optional);
  return (
    <>
      {fresh.length === 0 && <p class="nothing">{granted.length === 0 ? words.askNothing : words.askNothingNew}</p>}
      {required.length > 0 && (
        <>
          <h2>{granted.length === 0 ? words.ask : words.askNew}</h2>
          <ScopeList scopes={required} words={view.words} />
        </>
      )}
      {optional.length > 0 && <Optional scopes={optional} words={view.words} />}
      {granted.length > 0 && (
        <>
          <h2>{words.granted}</h2>
          <ScopeList scopes={granted} words={view.words} quiet />
        </>
      )}
      {view.resources && view.resources.length > 0 && <Resources resources={view.resources} words={view.words} />}
    </>
  );
}

function Optional({ scopes, words }: { readonly scopes: readonly ScopeChoice[]; readonly words: Words }) {
  return (
    <fieldset>
      <legend>{words.consent.optional}</legend>
      <p class="hint">{words.consent.optionalHint}</p>
      <ScopeChoices scopes={scopes} words={words} />
    </fieldset>
  );
}

function Resources({ resources, words }: { readonly resources: readonly string[]; readonly words: Words }) {
  return (
    <>
      <h2>{words.consent.resources}</h2>
      <ul class="resources">
        {resources.map((resource) => (
          <li>
            <code>{resource}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

/**
 * Decline stands first: Enter in a form presses its first button. Approve has no id that a fragment could focus, and
 * the stylesheet keeps it away from pointer and keyboard for its first 600 ms; until then its shadow is seen.
 */
function Answer({ words }: { readonly words: Words }) {
  return (
    <div class="answer">
      <button name="decision" value="decline">
        {words.consent.decline}
      </button>
      <span class="arming">
        <span class="shadow" aria-hidden="true">
          {words.consent.approve}
        </span>
        <button class="primary approve" name="decision" value="approve">
          {words.consent.approve}
        </button>
      </span>
    </div>
  );
}
