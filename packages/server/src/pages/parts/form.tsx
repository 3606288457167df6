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
  readonly maximumLength?: number;
  /** May be left empty. */
  readonly optional?: boolean;
  /** Several lines. */
  readonly lines?: number;
}

/** A labelled input that has to be filled, with its hint and what is wrong with it. */
export function Field(props: FieldProps) {
  const { name, error, hint } = props;
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
      <Input {...props} described={described === "" ? undefined : described} />
    </div>
  );
}

function Input(props: FieldProps & { readonly described: string | undefined }) {
  const { name, error, verbatim, lines, value } = props;
  const attributes = {
    id: name,
    name,
    class: props.class,
    autocomplete: props.autocomplete,
    autocapitalize: verbatim ? ("none" as const) : undefined,
    spellcheck: verbatim ? false : undefined,
    "aria-describedby": props.described,
    "aria-invalid": error ? ("true" as const) : undefined,
    minlength: props.minlength,
    maxlength: props.maximumLength,
    autofocus: props.autofocus ?? false,
    required: props.optional !== true,
  };
  if (lines !== undefined) {
    return (
      <textarea {...attributes} rows={lines}>
        {value}
      </textarea>
    );
  }
  return <input {...attributes} type={props.type ?? "text"} value={value} />;
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
