export interface ListOptions {
  readonly limit: number;
  readonly after?: number;
}

export interface Listed<Item> {
  readonly items: readonly Item[];
  /** The id to go on after, when there is more. */
  readonly goesOnAfter: number | undefined;
}

interface Page {
  readonly afterId?: number;
  readonly limit: number;
}

const pageSize = 200; // what a store gives at once

/** Gathers pages until `limit` is reached, and one more to know whether the list goes on. */
export async function listPages<Item>(
  { limit, after }: ListOptions,
  listPage: (page: Page) => Promise<readonly Item[]>,
  idOf: (item: Item) => number,
): Promise<Listed<Item>> {
  const items: Item[] = [];
  for (let afterId = after; items.length <= limit; ) {
    const page = await listPage({ limit: pageSize, ...(afterId === undefined ? {} : { afterId }) });
    items.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) break;
    afterId = idOf(last);
  }
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, goesOnAfter: items.length > limit && last !== undefined ? idOf(last) : undefined };
}
