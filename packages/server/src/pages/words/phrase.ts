import type { Child } from "hono/jsx";

/** Text with marked-up values in it: a name isolated from its sentence, a host in bold. */
export type Phrase = Child;

/** A sentence with slots, so that a language decides where each value stands. */
export function phrase(texts: TemplateStringsArray, ...values: readonly Phrase[]): Phrase {
  return texts.flatMap((text, index): Phrase[] => [text, values[index]]);
}
