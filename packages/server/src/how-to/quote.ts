/**
 * A value as a literal of a language: a redirect URI may hold quotes, and the code shown must still be right. Values are
 * ASCII, as registration and the scope grammar see to.
 */
export const quoteDouble = (value: string): string => JSON.stringify(value);

/** In a shell nothing has a meaning between single quotes but the quote itself. */
export const quoteShell = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

export const quotePhp = (value: string): string => `'${value.replace(/['\\]/g, "\\$&")}'`;

/** An import of the program that is shown, which is none of ours. */
export const importLine = (names: string, from: string): string => `import ${names} from ${quoteDouble(from)};`;
