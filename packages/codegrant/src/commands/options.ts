import { InvalidArgumentError, Option } from "commander";
import { usageError } from "../command-error.ts";

/** Options that several commands share, so that they read and mean the same everywhere. */
export const databaseOption = (): Option =>
  new Option("--db <file>", "the database, a SQLite file; a server may be running on it")
    .argParser(fileName)
    .makeOptionMandatory();

export const keyFileOption = (): Option =>
  new Option("--key-file <file>", "the key file that serve runs with (the database's name with .keys)");

/** The end of a command's help. */
export const example = (line: string): string => `\nExample:\n  ${line}\n`;

export const jsonOption = (): Option => new Option("--json", "print JSON, for programs");

export const configurationOption = (): Option =>
  new Option("--config <file>", "the configuration that serve runs with (.json, .js or .mjs)");

export const issuerOption = (): Option =>
  new Option("--issuer <url>", "the server's own address, for the link (without it, the link is a path)");

export const limitOption = (): Option =>
  new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 10_000)).default(200);

export const afterOption = (): Option =>
  new Option("--after <id>", "go on after this id").argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER));

export const clientIdOption = (): Option => new Option("--client-id <id>", "the same as the argument");

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}

/** Seconds, written as `90`, `30m`, `4h` or `7d`. */
export function duration(minimumSeconds: number, maximumSeconds: number): (text: string) => number {
  return (text) => {
    const [, count = "", unit = "s"] = /^(\d{1,10})([smhd])?$/.exec(text) ?? [];
    const seconds = count === "" ? Number.NaN : Number(count) * (unitSeconds.get(unit) ?? Number.NaN);
    if (seconds >= minimumSeconds && seconds <= maximumSeconds) return seconds;
    throw new InvalidArgumentError("It must be a time such as 90s, 30m, 4h or 7d.");
  };
}

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3_600],
  ["d", 86_400],
]);

/** An empty one comes from a variable that is not set; it would be taken for the folder one is in. */
export function fileName(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("It must be the name of a file.");
}

/** For an option that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** The same for a list that may also be written in one, with spaces. */
export function collectWords(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...value.split(" ").filter((word) => word !== "")];
}

/** A thing may be named by the argument or by the option, but once. */
export function oneOf(argument: string | undefined, option: string | undefined, what: string): string {
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw usageError(`Two different values were given for the ${what}: ${argument} and ${option}. Give one.`);
  }
  const value = argument ?? option;
  if (value === undefined || value === "")
    throw usageError(`Say which: the ${what} is missing. Add --help for the form.`);
  return value;
}
