import { CardPage, ownPath, renderDocument } from "./parts/document.tsx";
import type { SignedOutView } from "./views.ts";

export function signedOutPage(view: SignedOutView): string {
  const words = view.words.signedOut;
  return renderDocument(
    <CardPage view={view} title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <p class="ways">
        <a class="button" href={ownPath(view, "/settings/connections")}>
          {words.signIn}
        </a>
      </p>
    </CardPage>,
  );
}
