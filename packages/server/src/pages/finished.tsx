import { ownHref } from "./links.ts";
import { CardPage, ownPath, renderDocument } from "./parts/document.tsx";
import type { FinishedView } from "./views.ts";

/** The same answer a second time (double click, Back, two tabs): it counted once. */
export function finishedPage(view: FinishedView): string {
  const words = view.words.finished;
  return renderDocument(
    <CardPage view={view} title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <p class="ways">
        <a class="button" href={ownHref(view.startAgainPath) ?? ownPath(view, "/")}>
          {words.startAgain}
        </a>
        <a href={ownPath(view, "/settings/connections")}>{words.toConnections}</a>
      </p>
    </CardPage>,
  );
}
