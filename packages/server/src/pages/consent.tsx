import { describeRedirect } from "./links.ts";
import { ConsentCard } from "./parts/consent-card.tsx";
import { renderDocument } from "./parts/document.tsx";
import type { ConsentView } from "./views.ts";

/**
 * Who asks for what, and the person's answer. Posts to its own address: `decision` and, per ticked optional scope,
 * `scope`, with `csrf` and `form`. "Use another account" posts `decision=switch` from a form of its own.
 */
export function consentPage(view: ConsentView): string {
  return renderDocument(
    <ConsentCard
      view={view}
      title={view.words.consent.title}
      after={<Return view={view} />}
      caution={view.words.consent.onlyIfYou}
    />,
  );
}

function Return({ view }: { readonly view: ConsentView }) {
  const words = view.words.consent;
  const { host, onThisDevice } = describeRedirect(view.redirectUri);
  const shown = (
    <strong>
      <bdi>{host}</bdi>
    </strong>
  );
  return <p>{onThisDevice ? words.returnToDevice(shown) : words.returnToSite(shown)}</p>;
}
