import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Csrf, Notice, Problem } from "./parts/form.tsx";
import { Ago, Name } from "./parts/name.tsx";
import type { SessionsView, SessionView } from "./views.ts";

/** Where a person is signed in, and the way to another password. Posts to its own address. */
export function sessionsPage(view: SessionsView): string {
  const { sessions: words, frame } = view.words;
  const expired = view.done?.kind === "formExpired";
  return renderDocument(
    <WidePage view={view} title={expired ? frame.titleWithProblem(words.title) : words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {view.done?.kind === "ended" && <Notice>{words.ended}</Notice>}
      {view.done?.kind === "passwordChanged" && <Notice>{words.passwordChanged}</Notice>}
      {expired && <Problem>{view.words.form.expired}</Problem>}
      <section>
        <h2>{words.listTitle}</h2>
        <ul class="panel rows">
          {view.sessions.map((session) => (
            <Session session={session} view={view} />
          ))}
        </ul>
        {view.sessions.length > 1 && (
          <form method="post">
            <Csrf value={view.csrf} />
            <button name="action" value="end_others">
              {words.endOthers}
            </button>
          </form>
        )}
      </section>
      <section>
        <h2>{words.passwordTitle}</h2>
        <p>{words.passwordAbout}</p>
        <p class="ways">
          <a class="button" href={ownPath(view, "/settings/password")}>
            {words.toPassword}
          </a>
        </p>
        <p class="aside">
          {words.connections((text) => (
            <a href={ownPath(view, "/settings/connections")}>{text}</a>
          ))}
        </p>
      </section>
    </WidePage>,
  );
}

function Session({ session, view }: { readonly session: SessionView; readonly view: SessionsView }) {
  const words = view.words.sessions;
  const label = session.label === undefined ? words.unknown : <Name of={session.label} />;
  return (
    <li class="session-row">
      <div>
        <p>
          <strong>{label}</strong> {session.isThis && <span class="tag good">{words.thisOne}</span>}
        </p>
        <p class="meta">{words.since(<Ago at={session.since} now={view.now} words={view.words} />)}</p>
      </div>
      {!session.isThis && (
        <form method="post">
          <Csrf value={view.csrf} />
          <input type="hidden" name="session" value={session.id} />
          <button class="danger" name="action" value="end">
            {words.end(label, (text) => (
              <span class="hidden">{text}</span>
            ))}
          </button>
        </form>
      )}
    </li>
  );
}
