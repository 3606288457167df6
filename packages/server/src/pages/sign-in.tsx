import { ownHref } from "./links.ts";
import { CardPage, renderDocument } from "./parts/document.tsx";
import { Csrf, Field, Notice, Problem } from "./parts/form.tsx";
import { Name } from "./parts/name.tsx";
import type { SignInProblem, SignInView } from "./views.ts";

/** Login and password, and why they are asked for. Posts `login`, `password`, `csrf` to its own address. */
export function signInPage(view: SignInView): string {
  const { frame, signIn: words } = view.words;
  const heading = view.signedInAs ? words.titleAgain : words.title;
  const typed = view.login ?? view.signedInAs?.login;
  return renderDocument(
    <CardPage view={view} title={view.problem ? frame.titleWithProblem(heading) : heading}>
      <h1>{heading}</h1>
      <Lead view={view} />
      {view.problem && <Problem>{problemText(view.problem, view)}</Problem>}
      {view.hint && <Notice>{words.hint(<code>{view.hint.login}</code>, <code>{view.hint.password}</code>)}</Notice>}
      <form method="post">
        <Csrf value={view.csrf} />
        {view.kept !== undefined && <input type="hidden" name="kept" value={view.kept} />}
        <Field name="login" label={words.login} value={typed} autocomplete="username" verbatim autofocus={!typed} />
        <Field
          name="password"
          label={words.password}
          type="password"
          autocomplete="current-password"
          autofocus={Boolean(typed)}
        />
        <button class="primary full">{words.submit}</button>
      </form>
      {view.signUpPath !== undefined && (
        <p class="aside">
          {words.noAccount} <a href={ownHref(view.signUpPath)}>{words.signUp}</a>
        </p>
      )}
      <p class="aside">
        {words.forgotten} <bdi>{view.passwordHelp ?? words.askOperator(view.platform.name)}</bdi>
      </p>
    </CardPage>,
  );
}

function Lead({ view }: { readonly view: SignInView }) {
  const words = view.words.signIn;
  if (view.signedInAs) return <p class="lead">{words.again}</p>;
  if (view.application === undefined) return <p class="lead">{words.continueOn(view.platform.name)}</p>;
  return (
    <p class="lead">
      {words.continueTo(
        <strong>
          <Name of={view.application} />
        </strong>,
      )}
    </p>
  );
}

function problemText(problem: SignInProblem, { words, kept }: SignInView): string {
  switch (problem.kind) {
    case "wrongLoginOrPassword":
      return words.signIn.wrongLoginOrPassword;
    case "tooManyTries":
      return words.form.tooManyTries(words.time.wait(problem.waitSeconds));
    case "formExpired":
      return words.form.expired;
    case "signedOut":
      return kept === undefined ? words.signIn.signedOut : words.signIn.signedOutKept;
  }
}
