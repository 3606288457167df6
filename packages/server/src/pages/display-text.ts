/** Longest name that a page shows whole, in characters. */
const nameLimit = 100;
/** Longest value that a page shows whole, in characters. */
const valueLimit = 600;

/** A name as text without anything that steers the text around it: direction overrides, zero widths, line breaks. */
export function plainName(name: string): string {
  return cut(name.replace(/\p{Zl}|\p{Zp}|\s+/gu, " ").replace(/[\p{Cc}\p{Cf}]/gu, ""), nameLimit).trim();
}

/** A value as it was received, for a developer: what would be invisible is spelled out (`U+202E`). */
export function visibleValue(value: string): string {
  const spell = (character: string): string =>
    `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
  return cut(value, valueLimit).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, spell);
}

/** The first character of a name, for its tile. */
export function initialOf(name: string): string {
  const [first = "?"] = plainName(name).match(/[\p{L}\p{N}]/u) ?? [];
  return first.toUpperCase();
}

function cut(text: string, limit: number): string {
  // Sliced before it is split, so that a very long text costs no more than a long one.
  const characters = Array.from(text.slice(0, limit * 2 + 1));
  return characters.length > limit ? `${characters.slice(0, limit).join("")}…` : text;
}
