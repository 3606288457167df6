import { ownHref } from "./links.ts";
import { CardPage, renderDocument } from "./parts/document.tsx";
import { Csrf, Field, Problem } from "./parts/form.tsx";
import { formProblemText } from "./parts/form-problem.ts";
import type { SignUpView } from "./views.ts";

/** A stranger makes an account, where the platform lets them. Posts `login` and `password`. */
export function signUpPage(view: SignUpView): string {
  const { signUp: words, frame, password } = view.words;
  const { errors = {}, problem } = view;
  const failed = problem !== undefined || Object.values(errors).some(Boolean);
  return renderDocument(
    <CardPage view={view} title={failed ? frame.titleWithProblem(words.title) : words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead(view.platform.name)}</p>
      {problem && <Problem>{formProblemText(problem, view.words)}</Problem>}
      {errors.form && <Problem>{errors.form}</Problem>}
      <form method="post">
        <Csrf value={view.csrf} />
        <Field
          name="login"
          label={words.login}
          hint={words.loginHint}
          value={view.login}
          error={errors.login}
          autocomplete="username"
          verbatim
          autofocus
        />
        <Field
          name="password"
          label={words.password}
          type="password"
          hint={password.hint(view.minimumLength)}
          error={errors.password}
          autocomplete="new-password"
          minlength={view.minimumLength}
        />
        <button class="primary full">{words.submit}</button>
      </form>
      <p class="aside">
        {words.haveOne} <a href={ownHref(view.signInPath)}>{words.signIn}</a>
      </p>
    </CardPage>,
  );
}
