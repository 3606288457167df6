import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Name, Utc } from "./parts/name.tsx";
import { Copyable, Fact } from "./parts/own-applications.tsx";
import type { SecretRotatedView } from "./views.ts";

/** The new secret, this one time: it answers the POST itself, so that no address ever shows it again. */
export function secretRotatedPage(view: SecretRotatedView): string {
  const { application: words, created } = view.words;
  const { application, oldUntil } = view;
  return renderDocument(
    <WidePage view={view} title={words.rotatedTitle}>
      <h1>{words.rotatedTitle}</h1>
      <p class="lead">{words.rotatedLead(<Name of={application.name} />)}</p>
      <section class="panel">
        <dl class="facts">
          <Fact name={created.clientId}>
            <Copyable words={view.words}>{application.clientId}</Copyable>
          </Fact>
          <Fact name={created.clientSecret}>
            <Copyable words={view.words}>{view.clientSecret}</Copyable>
          </Fact>
        </dl>
        <p class="notice caution">{created.secretOnce}</p>
        <p>{oldUntil === undefined ? words.oldDead : words.oldUntil(<Utc at={oldUntil} />)}</p>
      </section>
      <p class="ways">
        <a
          class="button"
          href={ownPath(view, `/settings/application?client_id=${encodeURIComponent(application.clientId)}`)}
        >
          {words.toApplication}
        </a>
      </p>
    </WidePage>,
  );
}
