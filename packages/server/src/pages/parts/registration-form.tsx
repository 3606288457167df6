import type { ApplicationType, RegistrationView } from "../views.ts";
import type { Words } from "../words/en.ts";
import { Csrf, Field } from "./form.tsx";

interface RegistrationFormProps {
  readonly registration: RegistrationView;
  readonly csrf: string;
  readonly words: Words;
  /** Where the how-to for developers is. */
  readonly howToPath: string;
}

/** A developer's new application. What was typed stays; what is wrong is said at the top of the page and at its field. */
export function RegistrationForm({ registration, csrf, words, howToPath }: RegistrationFormProps) {
  const { values = {}, errors = {} } = registration;
  return (
    <section>
      <h2 id="register">{words.register.title}</h2>
      <p>{words.register.lead}</p>
      <p>
        <a href={howToPath}>{words.register.howTo}</a>
      </p>
      <form method="post" class="panel">
        <Csrf value={csrf} />
        <Field
          name="name"
          label={words.register.name}
          hint={words.register.nameHint}
          value={values.name}
          error={errors.name}
          autocomplete="off"
        />
        <Field
          name="redirect_uri"
          label={words.register.redirectUri}
          hint={words.register.redirectUriHint}
          value={values.redirectUri}
          error={errors.redirectUri}
          autocomplete="off"
          lines={2}
          verbatim
        />
        <Types chosen={values.type ?? "confidential"} error={errors.type} words={words} />
        <Field
          name="category"
          label={words.register.category}
          hint={words.register.categoryHint}
          value={values.category}
          error={errors.category}
          autocomplete="off"
          optional
        />
        {registration.offersPkceSwitch && <PkceSwitch isOn={values.pkceIsOptional ?? false} words={words} />}
        <button class="primary" name="action" value="register">
          {words.register.submit}
        </button>
      </form>
    </section>
  );
}

/** For developers without a shell: what `--pkce optional` is on the command line. */
export function PkceSwitch({ isOn, words }: { readonly isOn: boolean; readonly words: Words }) {
  return (
    <label class="choice">
      <input type="checkbox" name="pkce" value="optional" checked={isOn} />
      <span>
        {words.register.pkce}
        <span class="hint">{words.register.pkceHint}</span>
      </span>
    </label>
  );
}

const types: readonly ApplicationType[] = ["confidential", "public"];

function Types(props: { readonly chosen: ApplicationType; readonly error: string | undefined; readonly words: Words }) {
  const { chosen, error, words } = props;
  return (
    <fieldset class={error ? "field wrong" : "field"} aria-describedby={error ? "type-error" : undefined}>
      <legend>{words.register.type}</legend>
      {error && (
        <p class="error" id="type-error">
          {error}
        </p>
      )}
      {types.map((type, index) => (
        <label class="choice">
          <input
            id={index === 0 ? "type" : undefined}
            type="radio"
            name="type"
            value={type}
            checked={type === chosen}
            required
          />
          <span>
            {words.connections.typeName[type]}
            <span class="hint">{words.register.typeHint[type]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
