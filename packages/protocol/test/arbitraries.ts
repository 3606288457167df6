import * as fc from "fast-check";

/** Characters of a scope token, without the comma that some servers put between tokens of an answer. */
export const scopeToken = fc
  .string({ unit: fc.constantFrom(...Array.from("abcXYZ019:_-./!#[]{}~")), minLength: 1, maxLength: 20 })
  .filter((text) => text !== "");

export const scopes = fc.uniqueArray(scopeToken, { maxLength: 8 });

/** What a code, a token or an id may be made of (RFC 6749, appendix A): visible ASCII. */
export const visible = fc.string({ unit: asciiUnit(0x21), minLength: 1, maxLength: 60 });

/** Any UTF-16 text, lone surrogates included, leaning to what grammars care about. */
export const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff })), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

/** What a state may hold in practice: any text without control characters. */
export const text = fc.string({
  unit: fc.constantFrom(...Array.from(` !"%&'+,/0=?A\\a~é漢😀`)),
  minLength: 1,
  maxLength: 60,
});

export const seconds = fc.integer({ min: 0, max: 315_360_000 });

export const base64url43 = fc.string({
  unit: fc.constantFrom(...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")),
  minLength: 43,
  maxLength: 43,
});

export const resource = fc
  .string({ unit: fc.constantFrom(...Array.from("abc/?=&.~")), minLength: 1, maxLength: 20 })
  .map((rest) => `https://api.example/${rest}`);

/** Text that RFC 6749 allows in an error description. */
export const description = fc.string({
  unit: asciiUnit(0x20).filter((character) => character !== '"' && character !== "\\"),
  minLength: 1,
  maxLength: 80,
});

/** An optional member: there or not there, never `undefined`. */
export function maybe<Name extends string, Value>(
  name: Name,
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<{ [key in Name]?: Value }> {
  return fc.option(value, { nil: undefined }).map((one) => (one === undefined ? {} : { [name]: one })) as fc.Arbitrary<{
    [key in Name]?: Value;
  }>;
}

function asciiUnit(from: number): fc.Arbitrary<string> {
  return fc.integer({ min: from, max: 0x7e }).map((code) => String.fromCharCode(code));
}
