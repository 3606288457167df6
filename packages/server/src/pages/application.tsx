import type { Child } from "hono/jsx";
import { visibleValue } from "./display-text.ts";
import { ownHref } from "./links.ts";
import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Csrf, Field, Notice, Problem } from "./parts/form.tsx";
import { Ago, Name } from "./parts/name.tsx";
import { Copyable, Fact } from "./parts/own-applications.tsx";
import { PkceSwitch } from "./parts/registration-form.tsx";
import { formatUtc } from "./time.ts";
import type { ApplicationView, OutcomeView, SecretRotatedView } from "./views.ts";

interface Part {
  readonly view: ApplicationView;
}

/** A developer's own application: what happens with it, and everything that can be changed. Posts to its own address. */
export function applicationPage(view: ApplicationView): string {
  const { application: words, frame } = view.words;
  const { application, errors = {}, done } = view;
  const failed = Object.values(errors).some(Boolean) || problemOf(view) !== undefined;
  const title = application.name;
  return renderDocument(
    <WidePage view={view} title={failed ? frame.titleWithProblem(title) : title}>
      <p>
        <a href={ownPath(view, "/settings/connections")}>{words.back}</a>
      </p>
      <h1>
        <Name of={application.name} /> {application.disabled && <span class="tag">{words.disabledNow}</span>}
      </h1>
      {done?.kind === "changed" && <Notice>{words.changed}</Notice>}
      {done?.kind === "disabled" && <Notice>{words.disabledDone}</Notice>}
      {done?.kind === "enabled" && <Notice>{words.enabledDone}</Notice>}
      {done?.kind === "keptForm" && <Notice>{view.words.form.kept}</Notice>}
      {failed && <Problem>{problemOf(view) ?? errors.form ?? view.words.form.summary(1)}</Problem>}
      <Facts view={view} />
      <Outcomes view={view} />
      <Change view={view} />
      {application.type === "confidential" && <Secret view={view} />}
      <OnAndOff view={view} />
      <Delete view={view} />
    </WidePage>,
  );
}

function problemOf({ done, words, platform }: ApplicationView): string | undefined {
  if (done?.kind === "operatorsOff") return words.application.operatorsOff(platform.name);
  if (done?.kind === "formExpired") return words.form.expired;
  if (done?.kind === "alreadyRotated") return words.application.alreadyRotated;
  return done?.kind === "notConfirmed" ? words.application.notConfirmed : undefined;
}

function Facts({ view }: Part) {
  const { application: words, connections } = view.words;
  const { application, users } = view;
  return (
    <section>
      <dl class="panel facts">
        <Fact name={words.clientId}>
          <Copyable words={view.words}>{application.clientId}</Copyable>
        </Fact>
        <Fact name={words.type}>{connections.typeName[application.type]}</Fact>
        <Fact name={words.registered}>
          <Ago at={application.createdAt} now={view.now} words={view.words} />
        </Fact>
        <Fact name={words.users}>{words.usersCount(users.count, users.isMore)}</Fact>
      </dl>
      <h2>{words.tryTitle}</h2>
      <p>{words.tryAbout}</p>
      <p class="ways">
        <a class="button" href={ownHref(view.tryPath)}>
          {words.try}
        </a>
        <a href={ownHref(view.howToPath)}>{words.howTo}</a>
      </p>
    </section>
  );
}

function Outcomes({ view }: Part) {
  const words = view.words.application;
  const { outcomes } = view;
  return (
    <section>
      <h2>{words.outcomesTitle}</h2>
      {outcomes.length === 0 ? (
        <p class="empty">{words.outcomesNone}</p>
      ) : (
        <ul class="panel rows">
          {outcomes.map((outcome) => (
            <Outcome outcome={outcome} view={view} />
          ))}
        </ul>
      )}
      <p class="aside">{words.outcomesSince(<Ago at={view.rememberedSince} now={view.now} words={view.words} />)}</p>
    </section>
  );
}

function Outcome({ outcome, view }: { readonly outcome: OutcomeView; readonly view: ApplicationView }) {
  const { application: words, error } = view.words;
  return (
    <li>
      <p>
        {outcome.part === undefined
          ? words.outcome[outcome.kind]
          : error.differs(<strong>{error.part[outcome.part]}</strong>)}
      </p>
      <p class="meta">
        {words.outcomeTimes(outcome.count, <Ago at={outcome.at} now={view.now} words={view.words} />)}
        {outcome.code !== undefined && <Said>{outcome.code}</Said>}
        {outcome.detail !== undefined && <Said>{outcome.detail}</Said>}
      </p>
    </li>
  );
}

function Said({ children }: { readonly children: string }) {
  return (
    <>
      {" "}
      <code>{visibleValue(children)}</code>
    </>
  );
}

interface ActionFormProps extends Part {
  readonly children?: Child;
  readonly panel?: boolean;
}

/** Every form is dated, so that one sent twice does nothing the second time. */
function ActionForm({ view, panel, children }: ActionFormProps) {
  return (
    <form method="post" class={panel ? "panel" : undefined}>
      <Csrf value={view.csrf} />
      <input type="hidden" name="form" value={view.form} />
      {children}
    </form>
  );
}

function Change({ view }: Part) {
  const { application: words, register } = view.words;
  const { values, errors = {} } = view;
  return (
    <section>
      <h2>{words.changeTitle}</h2>
      <ActionForm view={view} panel>
        <Field
          name="name"
          label={register.name}
          hint={register.nameHint}
          value={values.name}
          error={errors.name}
          autocomplete="off"
        />
        <Field
          name="redirect_uri"
          label={register.redirectUri}
          hint={register.redirectUriHint}
          value={values.redirectUris}
          error={errors.redirectUris}
          autocomplete="off"
          lines={4}
          verbatim
        />
        <Field
          name="category"
          label={register.category}
          hint={register.categoryHint}
          value={values.category}
          error={errors.category}
          autocomplete="off"
          optional
        />
        {view.offersPkceSwitch && <PkceSwitch isOn={values.pkceIsOptional ?? false} words={view.words} />}
        <button class="primary" name="action" value="change">
          {words.save}
        </button>
      </ActionForm>
    </section>
  );
}

function Secret({ view }: Part) {
  const words = view.words.application;
  return (
    <section>
      <h2>{words.secretTitle}</h2>
      <p>{words.secretAbout}</p>
      <ul class="panel rows">
        {view.application.secrets.map(({ createdAt, expiresAt }) => (
          <li>
            <p>
              {words.secretMade(<Ago at={createdAt} now={view.now} words={view.words} />)}
              {expiresAt !== undefined && <> · {words.secretUntil(<Utc at={expiresAt} />)}</>}
            </p>
          </li>
        ))}
      </ul>
      <ActionForm view={view} panel>
        <fieldset class="field">
          <legend>{words.overlap}</legend>
          <label class="choice">
            <input type="radio" name="overlap" value="day" checked required />
            <span>{words.overlapDay}</span>
          </label>
          <label class="choice">
            <input type="radio" name="overlap" value="none" required />
            <span>{words.overlapNone}</span>
          </label>
        </fieldset>
        <button name="action" value="rotate">
          {words.rotate}
        </button>
      </ActionForm>
    </section>
  );
}

function OnAndOff({ view }: Part) {
  const words = view.words.application;
  const { disabled, mayEnable } = view.application;
  const about = mayEnable ? words.onAbout : words.operatorsOff(view.platform.name);
  return (
    <section>
      <h2>{words.offTitle}</h2>
      <p>{disabled ? about : words.offAbout}</p>
      {(!disabled || mayEnable) && (
        <ActionForm view={view}>
          <button name="action" value={disabled ? "enable" : "disable"}>
            {disabled ? words.enable : words.disable}
          </button>
        </ActionForm>
      )}
    </section>
  );
}

function Delete({ view }: Part) {
  const words = view.words.application;
  return (
    <section>
      <h2>{words.deleteTitle}</h2>
      <p>{words.deleteAbout}</p>
      <ActionForm view={view} panel>
        <label class="choice">
          <input type="checkbox" name="confirm" value="yes" required />
          <span>{words.deleteConfirm}</span>
        </label>
        <button class="danger" name="action" value="delete">
          {words.delete}
        </button>
      </ActionForm>
    </section>
  );
}

/** The new secret, this one time: it answers the POST itself, so that no address ever shows it again. */
export function secretRotatedPage(view: SecretRotatedView): string {
  const { application: words, created } = view.words;
  const { application, oldUntil } = view;
  return renderDocument(
    <WidePage view={view} title={words.rotatedTitle}>
      <h1>{words.rotatedTitle}</h1>
      <p class="lead">{words.rotatedLead(<Name of={application.name} />)}</p>
      <section class="panel">
        <dl class="facts">
          <Fact name={created.clientId}>
            <Copyable words={view.words}>{application.clientId}</Copyable>
          </Fact>
          <Fact name={created.clientSecret}>
            <Copyable words={view.words}>{view.clientSecret}</Copyable>
          </Fact>
        </dl>
        <p class="notice caution">{created.secretOnce}</p>
        <p>{oldUntil === undefined ? words.oldDead : words.oldUntil(<Utc at={oldUntil} />)}</p>
      </section>
      <p class="ways">
        <a
          class="button"
          href={ownPath(view, `/settings/application?client_id=${encodeURIComponent(application.clientId)}`)}
        >
          {words.toApplication}
        </a>
      </p>
    </WidePage>,
  );
}

/** A moment that has yet to come, to the minute. */
function Utc({ at }: { readonly at: number }) {
  const utc = formatUtc(at);
  return <time datetime={utc}>{utc.slice(0, 16).replace("T", " ")} UTC</time>;
}
