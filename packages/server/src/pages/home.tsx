import { ownHref } from "./links.ts";
import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Person } from "./parts/name.tsx";
import { Copyable, Fact } from "./parts/own-applications.tsx";
import type { HomeView } from "./views.ts";

/** What this server is, and the ways on from here. */
export function homePage(view: HomeView): string {
  const { home: words, frame } = view.words;
  return renderDocument(
    <WidePage view={view} title={words.title}>
      <div class="hero">
        <h1>{words.heading}</h1>
        <p class="lead">{words.lead(view.platform.name)}</p>
        {view.signedInAs && <p>{words.signedInAs(<Person of={view.signedInAs} words={view.words} />)}</p>}
      </div>
      <ul class="doors">
        <Door title={frame.connections} about={words.connections} href={ownPath(view, "/settings/connections")} />
        <Door title={view.words.howTo.title} about={words.howTo} href={ownPath(view, "/docs/authorization-code")} />
        <Door title={frame.scopes} about={words.scopes} href={ownPath(view, "/docs/scopes")} />
      </ul>
      <Developers view={view} />
    </WidePage>,
  );
}

function Door({ title, about, href }: { readonly title: string; readonly about: string; readonly href: string }) {
  return (
    <li class="panel">
      <h2>
        <a href={href}>{title}</a>
      </h2>
      <p>{about}</p>
    </li>
  );
}

function Developers({ view }: { readonly view: HomeView }) {
  const words = view.words.home;
  const { endpoints = [] } = view;
  const docs = (view.docs ?? []).flatMap(({ title, path }) => {
    const href = ownHref(path);
    return href === undefined ? [] : [{ title, href }];
  });
  if (endpoints.length === 0 && docs.length === 0) return null;
  return (
    <section>
      <h2>{words.developers}</h2>
      {endpoints.length > 0 && (
        <>
          <p>{words.developersLead}</p>
          <dl class="panel facts">
            {endpoints.map(({ name, url }) => (
              <Fact name={name}>
                <Copyable words={view.words}>{url}</Copyable>
              </Fact>
            ))}
          </dl>
        </>
      )}
      {docs.length > 0 && (
        <>
          <h3>{words.docs}</h3>
          <ul class="reading">
            {docs.map(({ title, href }) => (
              <li>
                <a href={href}>{title}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
