import type { Page } from "@codegrant/server";

/** Scopes and URIs hold no space, so one text holds a list of them. */
export function formatList(list: readonly string[]): string {
  const isWhole = list.every((one) => one !== "" && !one.includes(" "));
  if (!isWhole) throw new TypeError("A scope or URI that is empty or holds a space cannot be stored.");
  return list.join(" ");
}

export function parseList(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

/** What a statement with `id > ? … LIMIT ?` needs: at least one row a page, at most 200. */
export function pageOf({ afterId = 0, limit }: Page): readonly [afterId: number, limit: number] {
  return [afterId, Math.min(Math.max(limit, 1), 200)];
}

/** The store's own users have numbers for ids; anything else is nobody's. */
export function rowIdOf(userId: string): number {
  return /^[1-9]\d{0,14}$/.test(userId) ? Number(userId) : 0;
}
