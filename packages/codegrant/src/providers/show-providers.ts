import { findProvider, type Provider, placedProviders, providers } from "@codegrant/client";
import { CommandError } from "../command-error.ts";
import { note, printFields, printJson, printTable } from "../output.ts";
import { describeProvider, summarizeProvider, summaryHeading } from "./describe-provider.ts";

/** What `codegrant providers` shows: all of them in a table, or one with each of its columns. */
export function showProviders(name: string | undefined, isJson: boolean): void {
  if (name !== undefined) return showOne(findNamed(name), isJson);
  if (isJson) return printJson(finite(providers));
  printTable(
    ["NAME", ...summaryHeading.map((word) => word.toUpperCase())],
    providers.map((provider) => [provider.name, ...summarizeProvider(provider)]),
  );
  note(`With a place of your own: ${placedProviders.map((one) => `${one}@…`).join(", ")}.`);
}

function showOne(provider: Provider, isJson: boolean): void {
  if (isJson) printJson(finite(provider));
  else printFields([["name", provider.name], ["title", provider.title], ...describeProvider(provider)]);
}

/** JSON has no infinity, and `null` would read as "not known". */
function finite(value: unknown): unknown {
  const text = JSON.stringify(value, (_name, one: unknown) => (one === Number.POSITIVE_INFINITY ? "forever" : one));
  return JSON.parse(text) as unknown;
}

function findNamed(name: string): Provider {
  try {
    const provider = findProvider(name);
    if (provider !== undefined) return provider;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(error.message, { cause: error });
  }
  const names = providers.map((one) => one.name).join(", ");
  const place = placedProviders.includes(name) ? ` ${name} needs its place: ${name}@PLACE.` : "";
  throw new CommandError(`No provider is called "${name}".${place} There are ${names}.`);
}
