import type { Child } from "hono/jsx";

/** The anti-forgery token of a form. */
export function Csrf({ value }: { readonly value: string | undefined }) {
  return value === undefined ? null : <input type="hidden" name="csrf" value={value} />;
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "password";
  readonly value?: string | undefined;
  readonly autocomplete: string;
  readonly hint?: Child;
  /** Said next to the field, and read out with it. */
  readonly error?: string | undefined;
  readonly autofocus?: boolean;
  readonly class?: string;
  /** No spelling help and no capital at the start: logins, codes, addresses. */
  readonly verbatim?: boolean;
  readonly minlength?: number;
}

/** A labelled input that has to be filled, with its hint and what is wrong with it. */
export function Field(props: FieldProps) {
  const { name, error, hint, verbatim } = props;
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(" ");
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={name}>{props.label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={props.type ?? "text"}
        value={props.value}
        class={props.class}
        autocomplete={props.autocomplete}
        autocapitalize={verbatim ? "none" : undefined}
        spellcheck={verbatim ? false : undefined}
        aria-describedby={described === "" ? undefined : described}
        aria-invalid={error ? "true" : undefined}
        minlength={props.minlength}
        autofocus={props.autofocus ?? false}
        required
      />
    </div>
  );
}

/** What went wrong with the last try; screen readers say it first. */
export function Problem({ children }: { readonly children?: Child }) {
  return (
    <div class="notice problem" role="alert">
      {children}
    </div>
  );
}

/** What went well, or is good to know. */
export function Notice({ children }: { readonly children?: Child }) {
  return (
    <div class="notice" role="status">
      {children}
    </div>
  );
}
