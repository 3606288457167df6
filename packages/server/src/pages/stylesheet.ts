import { base } from "./style/base.ts";
import { colours } from "./style/colours.ts";
import { consent } from "./style/consent.ts";
import { controls } from "./style/controls.ts";
import { layout } from "./style/layout.ts";
import { lists } from "./style/lists.ts";

/** The one stylesheet of all pages. Serve it at `stylesheetPath` with `stylesheetHeaders`. */
export const stylesheet: string = [colours, base, layout, controls, lists, consent].join("\n");

/** Where pages look for the stylesheet, below the path the server is mounted under. A new content is a new path. */
export const stylesheetPath: string = stylesheetPathOf(stylesheet);

/** The same for the stylesheet of a platform's own look. */
export function stylesheetPathOf(text: string): string {
  return `/assets/pages-${contentHash(text)}.css`;
}

/** FNV-1a: tells one release's stylesheet from the next; nothing is secured by it. */
function contentHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
