import { CardPage, ownPath, renderDocument } from "./parts/document.tsx";
import { Csrf, Field, Problem } from "./parts/form.tsx";
import { formProblemText } from "./parts/form-problem.ts";
import type { PasswordChangeView } from "./views.ts";

/** Somebody who is signed in chooses another password. Posts `current_password`, `new_password` and perhaps `keep`. */
export function passwordChangePage(view: PasswordChangeView): string {
  const { changePassword: words, frame, password } = view.words;
  const { errors = {}, problem } = view;
  const failed = problem !== undefined || errors.current !== undefined || errors.new !== undefined;
  return renderDocument(
    <CardPage view={view} title={failed ? frame.titleWithProblem(words.title) : words.title}>
      <h1>{words.title}</h1>
      {problem && <Problem>{formProblemText(problem, view.words)}</Problem>}
      <form method="post">
        <Csrf value={view.csrf} />
        {/* Without a name it is not sent: it tells a password keeper whose password this is. */}
        <input type="text" value={view.signedInAs.login} autocomplete="username" readonly hidden aria-hidden="true" />
        <Field
          name="current_password"
          label={words.current}
          type="password"
          autocomplete="current-password"
          error={errors.current}
          autofocus
        />
        <Field
          name="new_password"
          label={words.new}
          type="password"
          autocomplete="new-password"
          hint={password.hint(view.minimumLength)}
          error={errors.new}
          minlength={view.minimumLength}
        />
        <label class="choice">
          <input type="checkbox" name="keep" value="grants" checked={view.keepsGrants ?? false} />
          <span>
            {words.keep}
            <span class="hint">{words.keepHint}</span>
          </span>
        </label>
        <button class="primary full">{words.submit}</button>
      </form>
      <p class="aside">
        <a href={ownPath(view, "/settings/sessions")}>{words.back}</a>
      </p>
    </CardPage>,
  );
}
