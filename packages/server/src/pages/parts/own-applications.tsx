import type { Child } from "hono/jsx";
import { ownHref } from "../links.ts";
import type { OwnApplicationView } from "../views.ts";
import type { Words } from "../words/en.ts";
import { Ago, Name } from "./name.tsx";

interface OwnApplicationsProps {
  readonly applications: readonly OwnApplicationView[];
  readonly now: number;
  readonly words: Words;
}

/** The applications a developer registered. */
export function OwnApplications({ applications, now, words }: OwnApplicationsProps) {
  return (
    <section>
      <h2>{words.connections.ownTitle}</h2>
      {applications.length === 0 ? (
        <p class="empty">{words.connections.ownNone}</p>
      ) : (
        <ul class="cards">
          {applications.map((application) => (
            <li class="panel">
              <h3>
                <ApplicationName application={application} />{" "}
                {application.disabled && <span class="tag">{words.application.disabledNow}</span>}
              </h3>
              <dl class="facts">
                <Fact name={words.connections.clientId}>
                  <Copyable words={words}>{application.clientId}</Copyable>
                </Fact>
                <Fact name={words.connections.type}>{words.connections.typeName[application.type]}</Fact>
                <Fact name={words.connections.redirectUris}>
                  <RedirectUris uris={application.redirectUris} />
                </Fact>
                <Fact name={words.connections.created}>
                  <Ago at={application.createdAt} now={now} words={words} />
                </Fact>
              </dl>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function ApplicationName({ application }: { readonly application: OwnApplicationView }) {
  const path = application.path === undefined ? undefined : ownHref(application.path);
  const name = <Name of={application.name} />;
  return path === undefined ? name : <a href={path}>{name}</a>;
}

/** A term and its value in a list of facts. */
export function Fact({ name, children }: { readonly name: string; readonly children?: Child }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Redirect URIs as text: they lead to whatever a developer registered, and are no links. */
export function RedirectUris({ uris }: { readonly uris: readonly string[] }) {
  return (
    <ul>
      {uris.map((uri) => (
        <li>
          <code>{uri}</code>
        </li>
      ))}
    </ul>
  );
}

/** A value to copy: one click selects all of it. */
export function Copyable({ words, children }: { readonly words: Words; readonly children?: Child }) {
  return (
    <code class="copyable" title={words.connections.selectAll}>
      {children}
    </code>
  );
}
