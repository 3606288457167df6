import { ownHref } from "./links.ts";
import { Change, Delete, OnAndOff, Secret } from "./parts/application-forms.tsx";
import { Outcomes } from "./parts/application-outcomes.tsx";
import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Notice, Problem } from "./parts/form.tsx";
import { FormSummary } from "./parts/form-summary.tsx";
import { Ago, Name } from "./parts/name.tsx";
import { Copyable, Fact } from "./parts/own-applications.tsx";
import type { ApplicationView } from "./views.ts";

interface Part {
  readonly view: ApplicationView;
}

/** A developer's own application: what happens with it, and everything that can be changed. Posts to its own address. */
export function applicationPage(view: ApplicationView): string {
  const { application: words, frame } = view.words;
  const { application, errors = {} } = view;
  const problem = problemOf(view);
  const failed = problem !== undefined || Object.values(errors).some(Boolean);
  const title = application.name;
  return renderDocument(
    <WidePage view={view} title={failed ? frame.titleWithProblem(title) : title}>
      <p>
        <a href={ownPath(view, "/settings/connections")}>{words.back}</a>
      </p>
      <h1>
        <Name of={application.name} /> {application.disabled && <span class="tag">{words.disabledNow}</span>}
      </h1>
      <Done view={view} />
      {problem === undefined ? (
        <FormSummary
          form={errors.form}
          fields={[
            ["name", errors.name],
            ["redirect_uri", errors.redirectUris],
            ["category", errors.category],
          ]}
          words={view.words}
        />
      ) : (
        <Problem>{problem}</Problem>
      )}
      <Facts view={view} />
      <TryIt view={view} />
      <Outcomes view={view} />
      <Change view={view} />
      {application.type === "confidential" && <Secret view={view} />}
      <OnAndOff view={view} />
      <Delete view={view} />
    </WidePage>,
  );
}

function Done({ view }: Part) {
  const { application: words, form } = view.words;
  switch (view.done?.kind) {
    case "changed":
      return <Notice>{words.changed}</Notice>;
    case "disabled":
      return <Notice>{words.disabledDone}</Notice>;
    case "enabled":
      return <Notice>{words.enabledDone}</Notice>;
    case "keptForm":
      return (
        <Notice>
          {form.kept((text) => (
            <a href="#change">{text}</a>
          ))}
        </Notice>
      );
    default:
      return null;
  }
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
    </section>
  );
}

function TryIt({ view }: Part) {
  const words = view.words.application;
  const tryHref = view.tryPath && ownHref(view.tryPath);
  return (
    <section>
      <h2>{words.tryTitle}</h2>
      {tryHref && <p>{words.tryAbout}</p>}
      <p class="ways">
        {tryHref && (
          <a class="button" href={tryHref}>
            {words.try}
          </a>
        )}
        <a href={ownHref(view.howToPath)}>{words.howTo}</a>
      </p>
    </section>
  );
}
