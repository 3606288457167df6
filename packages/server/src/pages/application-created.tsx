import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Name } from "./parts/name.tsx";
import { Copyable, Fact, RedirectUris } from "./parts/own-applications.tsx";
import type { ApplicationCreatedView } from "./views.ts";

/** The client id, and the secret this one time: it answers the POST itself, so that no address ever shows it again. */
export function applicationCreatedPage(view: ApplicationCreatedView): string {
  const words = view.words.created;
  const { application, clientSecret } = view;
  return renderDocument(
    <WidePage view={view} title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead(<Name of={application.name} />)}</p>
      <section class="panel">
        <dl class="facts">
          <Fact name={words.clientId}>
            <Copyable words={view.words}>{application.clientId}</Copyable>
          </Fact>
          {clientSecret !== undefined && (
            <Fact name={words.clientSecret}>
              <Copyable words={view.words}>{clientSecret}</Copyable>
            </Fact>
          )}
          <Fact name={words.redirectUris}>
            <RedirectUris uris={application.redirectUris} />
          </Fact>
        </dl>
        <p class="notice caution">{clientSecret === undefined ? words.noSecret : words.secretOnce}</p>
      </section>
      <HowToGoOn view={view} />
      <p class="ways">
        <a class="button" href={ownPath(view, "/settings/connections")}>
          {words.toConnections}
        </a>
        <a href={ownPath(view, `/docs/authorization-code?client_id=${encodeURIComponent(application.clientId)}`)}>
          {view.words.register.howTo}
        </a>
        <a href={ownPath(view, "/docs/scopes")}>{words.toScopes}</a>
      </p>
    </WidePage>,
  );
}

function HowToGoOn({ view }: { readonly view: ApplicationCreatedView }) {
  const words = view.words.created;
  return (
    <section>
      <h2>{words.next}</h2>
      <ol class="steps">
        <li>
          <p>{words.stepAuthorize}</p>
          <Copyable words={view.words}>{view.authorizeUrl}</Copyable>
        </li>
        <li>
          <p>{words.stepReturn}</p>
        </li>
        <li>
          <p>{words.stepToken}</p>
          <Copyable words={view.words}>{view.tokenUrl}</Copyable>
        </li>
      </ol>
    </section>
  );
}
