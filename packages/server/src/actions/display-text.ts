/** A name that others will read: what stands for it in sentences, and how long it may be. */
export interface DisplayTextRule {
  readonly subject: string;
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * A sentence about what is wrong with a name, or undefined. It must be readable as it stands: nothing invisible,
 * nothing that turns the direction of the text around it or climbs over the lines above.
 */
export function findDisplayTextProblem(
  text: string,
  { subject, minimum, maximum }: DisplayTextRule,
): string | undefined {
  // Units first: counting the characters of something huge is work too.
  if (text.length > maximum * 2) return `${subject} is too long: at most ${maximum} characters.`;
  if (unreadable.test(text)) return `${subject} holds invisible or control characters; type it again without them.`;
  if (piledMarks.test(text)) return `${subject} has too many marks on one letter; use fewer.`;
  const characters = Array.from(text).length;
  if (characters > maximum) return `${subject} is too long: at most ${maximum} characters.`;
  if (characters < minimum) return `${subject} is too short: at least ${minimum} character${minimum === 1 ? "" : "s"}.`;
  if (!readable.test(text)) return `${subject} needs at least one letter or digit.`;
  return undefined;
}

/** Control, format, surrogate and private-use characters, line separators, and the letters that look like nothing. */
const unreadable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5/u;
const piledMarks = /\p{M}{5,}/u;
const readable = /[\p{L}\p{N}]/u;

/** Two names that a hurried reader takes for one: width, case, spaces and punctuation do not tell them apart. */
export function looksAlike(one: string, other: string): boolean {
  return fold(one) === fold(other);
}

function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
