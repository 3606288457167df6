import { hashText } from "./sha256.ts";

/**
 * A value that prints as its fingerprint wherever it lands by accident: `console.log`, `JSON.stringify`, a template,
 * an error. `reveal()` is the only way to the text, so that a search for it finds every place that uses one.
 *
 * @example
 * const token = new Secret("2YotnFZFEjr1zCsicMWpAA");
 * console.log("got", token); // got Secret(~6c96130f)
 * const headers = { authorization: `Bearer ${token.reveal()}` };
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    if (typeof text !== "string") throw new TypeError("A Secret is made from a string.");
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return fingerprint(this.#text);
  }

  toJSON(): string {
    return fingerprint(this.#text);
  }

  /** What `util.inspect` of Node, Bun and Deno calls; the symbol is global, so that nothing is imported for it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Secret(${fingerprint(this.#text)})`;
  }
}

/**
 * Eight characters that stand for a secret in logs, pages and messages: `~` and the beginning of its SHA-256, so
 * `printf %s "$TOKEN" | sha256sum` tells whether two places hold the same one. Only for values drawn at random: a
 * password can be guessed from it.
 */
export function fingerprint(text: string): string {
  return `~${hashText(text).slice(0, 8)}`;
}

/** The text of a secret that a caller gave either way. */
export function revealed(secret: Secret | string): string {
  return typeof secret === "string" ? secret : secret.reveal();
}
