import type { Parameters } from "@codegrant/protocol";

/** Redirect URIs as people type them: one a line, or in fields of their own. None holds a space. */
export function linesOf(form: Parameters): readonly string[] {
  return form
    .all("redirect_uri")
    .flatMap((text) => text.split(/\s+/))
    .filter((line) => line !== "");
}
