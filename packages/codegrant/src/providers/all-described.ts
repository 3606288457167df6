import { providers, shopifyProvider } from "@codegrant/client";
import { describeProvider, type Fact, summarizeProvider } from "./describe-provider.ts";

export { summaryHeading } from "./describe-provider.ts";

/** Every preset for the page of them all, with one that needs a place shown at an example of it. */
export const allDescribed: readonly {
  readonly name: string;
  readonly title: string;
  readonly summary: readonly string[];
  readonly facts: readonly Fact[];
}[] = [...providers, shopifyProvider("my-shop")].map((provider) => ({
  name: provider.name === "shopify" ? "shopify@my-shop" : provider.name,
  title: provider.title,
  summary: summarizeProvider(provider),
  facts: describeProvider(provider),
}));
