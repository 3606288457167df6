/** Reads the markup our pages produce, strictly: what it does not understand, it refuses. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Everything a person reads between the tag and its end, white space folded. Empty for void tags. */
  readonly text: string;
  /** Tags inside it. */
  readonly inside: readonly Tag[];
}

/** All opening tags of a page in order, or an error if any `<` or `>` is not part of a well-formed tag. */
export function readTags(html: string): readonly Tag[] {
  const body = html.replace(/^<!doctype html>/, "");
  const tokens = [...body.matchAll(token)];
  const rest = body.replace(token, "");
  if (/[<>]/.test(rest)) throw new Error(`A < or > outside of a tag: ${/.{0,40}[<>].{0,40}/s.exec(rest)?.[0]}`);
  const tags: Tag[] = [];
  const open: { readonly name: string; readonly from: number; readonly at: number }[] = [];
  for (const match of tokens) {
    const { closing, name = "", attributes = "", selfClosing } = match.groups ?? {};
    const end = match.index + match[0].length;
    if (closing) {
      const start = open.pop();
      if (start?.name !== name) throw new Error(`</${name}> closes <${start?.name}>`);
      const opened = tags[start.at];
      if (opened === undefined) throw new Error("A tag got lost");
      const inner = body.slice(start.from, match.index);
      const inside = tags.slice(start.at + 1);
      // Read when asked for: most tests look at a few texts of many.
      tags[start.at] = {
        name,
        attributes: opened.attributes,
        inside,
        get text() {
          return readText(inner);
        },
      };
      continue;
    }
    if (!selfClosing) open.push({ name, from: end, at: tags.length });
    tags.push({ name, attributes: readAttributes(attributes), text: "", inside: [] });
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is never closed`);
  return tags;
}

/** What a person reads in a piece of markup. */
export function readText(html: string): string {
  const spaced = html.replace(/<\/?(?:p|li|h\d|div|dt|dd|td|th|label|button)\b[^>]*>/g, " ");
  return unescape(spaced.replace(token, "")).replace(/\s+/g, " ").trim();
}

const token =
  /<(?<closing>\/?)(?<name>[a-z][a-z0-9]*)(?<attributes>(?: [a-zA-Z][a-zA-Z-]*="[^"<>]*")*)(?<selfClosing>\/?)>/g;

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)) {
    if (attributes.has(name)) throw new Error(`Attribute ${name} twice`);
    attributes.set(name, unescape(value));
  }
  return attributes;
}

const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function unescape(text: string): string {
  return text.replace(/&[^;\s]*;?/g, (entity) => {
    const character = entities[entity];
    if (character === undefined) throw new Error(`An unescaped or unknown ${entity}`);
    return character;
  });
}
