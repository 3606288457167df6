/** A form of a page, as a person would find it. */
export interface Form {
  readonly action: string;
  readonly method: "GET" | "POST";
  readonly fields: readonly Field[];
  readonly buttons: readonly Button[];
}

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface Button {
  readonly name: string | undefined;
  readonly value: string;
  /** A button may send its form elsewhere. */
  readonly action: string | undefined;
}

/**
 * Reads the forms of a page: enough HTML for pages that keep to it, and strict. What a browser would not send
 * (an unticked box, a disabled field) is left out.
 */
export function readForms(page: string, pageUrl: string): readonly Form[] {
  const forms: (Form & { fields: Field[]; buttons: Button[] })[] = [];
  let isInForm = false;
  for (const tag of readTags(page)) {
    const form = forms.at(-1);
    if (tag.name === "form" && !tag.closes) {
      forms.push({ ...readFormTag(tag, pageUrl), fields: [], buttons: [] });
      isInForm = true;
    } else if (tag.name === "form") {
      isInForm = false;
    } else if (form !== undefined && isInForm && !tag.closes && !tag.attributes.has("disabled")) {
      if (isButton(tag)) form.buttons.push(readButton(tag, pageUrl));
      else if (isSentField(tag)) form.fields.push(readField(tag));
    }
  }
  return forms;
}

/** The text of the page's title, for messages. */
export function readTitle(page: string): string {
  const title = /<title[^>]*>([^<]{0,200})/i.exec(page)?.[1] ?? "";
  return decodeEntities(title).trim();
}

interface Tag {
  readonly name: string;
  readonly closes: boolean;
  readonly attributes: ReadonlyMap<string, string>;
}

function* readTags(page: string): Generator<Tag> {
  const markup = page.replace(/<!--[\s\S]*?-->/g, "");
  for (const match of markup.matchAll(/<(\/?)(form|input|button)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi)) {
    const [, slash, name = "", rest = ""] = match;
    yield { name: name.toLowerCase(), closes: slash === "/", attributes: readAttributes(rest) };
  }
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const match of text.matchAll(/([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g)) {
    const [, name = "", double, single, bare] = match;
    if (!attributes.has(name.toLowerCase()))
      attributes.set(name.toLowerCase(), decodeEntities(double ?? single ?? bare ?? ""));
  }
  return attributes;
}

function readFormTag(tag: Tag, pageUrl: string): Pick<Form, "action" | "method"> {
  const isPost = tag.attributes.get("method")?.toLowerCase() === "post";
  return { action: resolve(tag.attributes.get("action"), pageUrl), method: isPost ? "POST" : "GET" };
}

function isButton(tag: Tag): boolean {
  const type = tag.attributes.get("type")?.toLowerCase();
  return tag.name === "button" ? type === undefined || type === "submit" : type === "submit";
}

function readButton(tag: Tag, pageUrl: string): Button {
  const action = tag.attributes.get("formaction");
  return {
    name: tag.attributes.get("name"),
    value: tag.attributes.get("value") ?? "",
    action: action === undefined ? undefined : resolve(action, pageUrl),
  };
}

function isSentField(tag: Tag): boolean {
  if (tag.name !== "input" || tag.attributes.get("name") === undefined) return false;
  const type = tag.attributes.get("type")?.toLowerCase();
  return (type !== "checkbox" && type !== "radio") || tag.attributes.has("checked");
}

function readField(tag: Tag): Field {
  const type = tag.attributes.get("type")?.toLowerCase() ?? "text";
  const whenAbsent = type === "checkbox" || type === "radio" ? "on" : "";
  return { name: tag.attributes.get("name") ?? "", type, value: tag.attributes.get("value") ?? whenAbsent };
}

/** An absent or empty action is the page's own address, query included. */
function resolve(action: string | undefined, pageUrl: string): string {
  return new URL(action === undefined || action === "" ? pageUrl : action, pageUrl).href;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return entities[name.toLowerCase()] ?? whole;
    const point = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
  });
}
