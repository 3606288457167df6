import type { Words } from "../words/en.ts";
import { Problem } from "./form.tsx";

interface FormSummaryProps {
  /** About the form as a whole. */
  readonly form: string | undefined;
  /** By the id of each field. */
  readonly fields: readonly (readonly [field: string, error: string | undefined])[];
  readonly words: Words;
}

/** What is wrong, at the top and with a link to each field; nothing when nothing is. */
export function FormSummary({ form, fields, words }: FormSummaryProps) {
  const wrong = fields.filter(([, error]) => error);
  if (wrong.length === 0) return form ? <Problem>{form}</Problem> : null;
  return (
    <Problem>
      {form && <p>{form}</p>}
      <p>
        <strong>{words.form.summary(wrong.length)}</strong>
      </p>
      <ul>
        {wrong.map(([field, error]) => (
          <li>
            <a href={`#${field}`}>{error}</a>
          </li>
        ))}
      </ul>
    </Problem>
  );
}
