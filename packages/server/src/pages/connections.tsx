import { ownHref } from "./links.ts";
import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Csrf, Notice, Problem } from "./parts/form.tsx";
import { FormSummary } from "./parts/form-summary.tsx";
import { Tile } from "./parts/marks.tsx";
import { Ago, Name } from "./parts/name.tsx";
import { OwnApplications } from "./parts/own-applications.tsx";
import { RegistrationForm } from "./parts/registration-form.tsx";
import { ScopeList } from "./parts/scope-list.tsx";
import type { ConnectionsView, ConnectionView } from "./views.ts";

/**
 * The applications a person approved, and those they make. Posts to its own address, each with `csrf`:
 * `action=disconnect` with `application`; `action=register` with `name`, `redirect_uri`, `type`.
 */
export function connectionsPage(view: ConnectionsView): string {
  const words = view.words.connections;
  const errors = view.registration?.errors ?? {};
  const failed = view.done?.kind === "formExpired" || Object.values(errors).some(Boolean);
  return renderDocument(
    <WidePage view={view} title={failed ? view.words.frame.titleWithProblem(words.title) : words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead(view.platform.name)}</p>
      {view.done?.kind === "disconnected" && <Notice>{words.disconnected(<Name of={view.done.name} />)}</Notice>}
      {view.done?.kind === "formExpired" && <Problem>{view.words.form.expired}</Problem>}
      {view.done?.kind === "keptForm" && (
        <Notice>
          {view.words.form.kept((text) => (
            <a href="#register">{text}</a>
          ))}
        </Notice>
      )}
      <FormSummary
        form={errors.form}
        fields={[
          ["name", errors.name],
          ["redirect_uri", errors.redirectUri],
          ["type", errors.type],
          ["category", errors.category],
        ]}
        words={view.words}
      />
      <Approved view={view} />
      <Ended view={view} />
      <OwnApplications applications={view.applications} now={view.now} words={view.words} />
      {view.registration && (
        <RegistrationForm
          registration={view.registration}
          csrf={view.csrf}
          words={view.words}
          howToPath={ownPath(view, "/docs/authorization-code")}
        />
      )}
    </WidePage>,
  );
}

function Approved({ view }: { readonly view: ConnectionsView }) {
  const words = view.words.connections;
  const more = view.moreConnectionsPath === undefined ? undefined : ownHref(view.moreConnectionsPath);
  return (
    <section>
      <h2>{words.approvedTitle}</h2>
      {view.connections.length === 0 ? (
        <p class="empty">{words.none}</p>
      ) : (
        <>
          <ul class="cards">
            {view.connections.map((connection) => (
              <Connection connection={connection} view={view} />
            ))}
          </ul>
          {more && (
            <p>
              <a href={more}>{words.more}</a>
            </p>
          )}
          <p class="aside">{words.disconnectHint}</p>
        </>
      )}
    </section>
  );
}

function Connection({ connection, view }: { readonly connection: ConnectionView; readonly view: ConnectionsView }) {
  const words = view.words.connections;
  const name = <Name of={connection.name} />;
  const time = { now: view.now, words: view.words };
  return (
    <li class="panel connection">
      <Tile name={connection.name} />
      <div>
        <h3>
          {name} {connection.owner !== undefined && <small>{words.by(<Name of={connection.owner} />)}</small>}
        </h3>
        <p class="meta dotted">
          <span>{words.since(<Ago at={connection.since} {...time} />)}</span>
          <span>
            {connection.lastUsedAt === undefined
              ? words.neverUsed
              : words.lastUsed(<Ago at={connection.lastUsedAt} day {...time} />)}
          </span>
        </p>
      </div>
      <form method="post">
        <Csrf value={view.csrf} />
        <input type="hidden" name="application" value={connection.applicationId} />
        <button class="danger" name="action" value="disconnect">
          {words.disconnect(name, (text) => (
            <span class="hidden">{text}</span>
          ))}
        </button>
      </form>
      {connection.scopes.length === 0 ? (
        <p class="meta may">{words.mayNothing}</p>
      ) : (
        <div class="may">
          <ScopeList scopes={connection.scopes} words={view.words} quiet />
        </div>
      )}
    </li>
  );
}

function Ended({ view }: { readonly view: ConnectionsView }) {
  const words = view.words.connections;
  if (view.ended.length === 0) return null;
  return (
    <section>
      <h2>{words.endedTitle}</h2>
      <ul class="panel rows">
        {view.ended.map((ended) => (
          <li>
            <p>
              {words.ended(
                <strong>
                  <Name of={ended.name} />
                </strong>,
                <Ago at={ended.at} now={view.now} words={view.words} />,
              )}
            </p>
            <p class="meta">{words.endedWhy[ended.why]}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
