import { CardPage, ownPath, renderDocument } from "./parts/document.tsx";
import { Csrf, Field, Problem } from "./parts/form.tsx";
import { Name } from "./parts/name.tsx";
import type { PasswordResetDoneView, PasswordResetView } from "./views.ts";

/** Behind a link that is good once. Posts `password`. */
export function passwordResetPage(view: PasswordResetView): string {
  const { password: words, frame, form } = view.words;
  const wrong = {
    tooShort: words.tooShort(view.minimumLength),
    tooLong: words.tooLong,
    formExpired: undefined,
  };
  return renderDocument(
    <CardPage view={view} title={view.problem ? frame.titleWithProblem(words.title) : words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {view.problem === "formExpired" && <Problem>{form.expired}</Problem>}
      <form method="post">
        <Csrf value={view.csrf} />
        <div class="field">
          <label for="login">{words.login}</label>
          {/* Without a name it is not sent: it tells a password keeper whose password this is. */}
          <input id="login" type="text" value={view.login} autocomplete="username" readonly />
        </div>
        <Field
          name="password"
          label={words.password}
          type="password"
          autocomplete="new-password"
          hint={words.hint(view.minimumLength)}
          error={view.problem && wrong[view.problem]}
          minlength={view.minimumLength}
          autofocus
        />
        <button class="primary full">{words.submit}</button>
      </form>
    </CardPage>,
  );
}

/** The new password holds; the way on is to sign in with it. */
export function passwordResetDonePage(view: PasswordResetDoneView): string {
  const words = view.words.password;
  return renderDocument(
    <CardPage view={view} title={words.doneTitle}>
      <h1>{words.doneTitle}</h1>
      <p>
        {words.done(
          <strong>
            <Name of={view.login} />
          </strong>,
        )}
      </p>
      <p class="ways">
        <a class="button" href={ownPath(view, "/settings/connections")}>
          {words.signIn}
        </a>
      </p>
    </CardPage>,
  );
}
