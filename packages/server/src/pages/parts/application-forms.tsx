import type { Child } from "hono/jsx";
import type { ApplicationView } from "../views.ts";
import { Csrf, Field } from "./form.tsx";
import { Ago, Utc } from "./name.tsx";
import { PkceSwitch } from "./registration-form.tsx";

interface Part {
  readonly view: ApplicationView;
}

export function Change({ view }: Part) {
  const { application: words, register } = view.words;
  const { values, errors = {} } = view;
  return (
    <section>
      <h2 id="change">{words.changeTitle}</h2>
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

export function Secret({ view }: Part) {
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

export function OnAndOff({ view }: Part) {
  const words = view.words.application;
  const { disabled, mayEnable } = view.application;
  const about = mayEnable ? words.onAbout : words.operatorsOff(view.platform.name);
  const offTitle = mayEnable ? words.onTitle : words.isOffTitle;
  return (
    <section>
      <h2>{disabled ? offTitle : words.offTitle}</h2>
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

export function Delete({ view }: Part) {
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
