import type { Child } from "hono/jsx";
import { ownHref } from "./links.ts";
import { ownPath, renderDocument, WidePage } from "./parts/document.tsx";
import { Name } from "./parts/name.tsx";
import { Copyable, Fact } from "./parts/own-applications.tsx";
import type { HowToView } from "./views.ts";

interface Part {
  readonly view: HowToView;
}

/** How a developer's application gets a token from this very server. */
export function howToPage(view: HowToView): string {
  const { howTo: words } = view.words;
  return renderDocument(
    <WidePage view={view} title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead(view.platform.name)}</p>
      <Whose view={view} />
      <Addresses view={view} />
      <ol class="chapters">
        <Send view={view} />
        <Take view={view} />
        <Exchange view={view} />
      </ol>
      <Programs view={view} />
      <Afterwards view={view} />
      <Refusals view={view} />
    </WidePage>,
  );
}

/** Whose values stand on the page, and how to have one's own. */
function Whose({ view }: Part) {
  const { howTo: words } = view.words;
  const { application, others } = view;
  const signIn = view.signInPath === undefined ? undefined : ownHref(view.signInPath);
  return (
    <div class="notice">
      <p>
        {application === undefined
          ? words.placeholders
          : words.filledIn(
              <strong>
                <Name of={application.name} />
              </strong>,
            )}{" "}
        {application === undefined && signIn === undefined && (
          <a href={ownPath(view, "/settings/connections#register")}>{words.register}</a>
        )}
        {signIn && <a href={signIn}>{words.signIn}</a>}
      </p>
      {others.length > 0 && (
        <p>
          {words.fillInOther}{" "}
          {others.map(({ name, path }) => (
            <>
              <a href={ownHref(path)}>
                <Name of={name} />
              </a>{" "}
            </>
          ))}
        </p>
      )}
    </div>
  );
}

function Addresses({ view }: Part) {
  const { howTo: words } = view.words;
  return (
    <section>
      <h2>{words.addresses}</h2>
      <dl class="panel facts">
        {view.endpoints.map(({ kind, url }) => (
          <Fact name={words.endpoint[kind]}>
            <Copyable words={view.words}>{url}</Copyable>
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Send({ view }: Part) {
  const { howTo: words } = view.words;
  return (
    <li>
      <h2>{words.send}</h2>
      <p>{words.sendWhat}</p>
      <Code>{view.authorizeUrl}</Code>
      <Table
        caption={words.parameter}
        heads={[words.parameter, words.meaning]}
        rows={view.parameters.map(({ name, kind }) => [name, words.parameters[kind]])}
      />
      <p>
        <a href={ownPath(view, "/docs/scopes")}>{words.seeScopes}</a>
      </p>
    </li>
  );
}

function Take({ view }: Part) {
  const { howTo: words, time } = view.words;
  return (
    <li>
      <h2>{words.take}</h2>
      <p>{words.takeYes(time.lasting(view.codeLifetimeSeconds))}</p>
      <Code>{view.approvedUrl}</Code>
      <p>{words.takeNo}</p>
      <Code>{view.declinedUrl}</Code>
      <p>{words.takeState}</p>
    </li>
  );
}

function Exchange({ view }: Part) {
  const { howTo: words, time } = view.words;
  return (
    <li>
      <h2>{words.exchange}</h2>
      <p>{words.exchangeWhat}</p>
      <Code>{view.tokenResponse}</Code>
      <p>{words.exchangeKeep(time.lasting(view.accessTokenLifetimeSeconds))}</p>
    </li>
  );
}

/** Folded, so that a reader opens the one language they write. */
function Programs({ view }: Part) {
  const { howTo: words } = view.words;
  return (
    <section>
      <h2>{words.programs}</h2>
      <p>{words.programsWhat}</p>
      <div class="programs">
        {view.snippets.map(({ title, command, code }, index) => (
          <details class="panel">
            <summary>
              <h3>{title}</h3>
            </summary>
            <Code id={`program-${index}`}>{code}</Code>
            <p>
              {words.run} <Copyable words={view.words}>{command}</Copyable>
            </p>
          </details>
        ))}
      </div>
    </section>
  );
}

function Afterwards({ view }: Part) {
  const { howTo: words } = view.words;
  return (
    <>
      <section>
        <h2>{words.refresh}</h2>
        <p>{words.refreshWhat}</p>
        <Code id="refresh">{view.refreshCommand}</Code>
        <p>{words.refreshKeep}</p>
      </section>
      <section>
        <h2>{words.revoke}</h2>
        <p>{words.revokeWhat}</p>
        <Code id="revoke">{view.revokeCommand}</Code>
      </section>
    </>
  );
}

function Refusals({ view }: Part) {
  const { howTo: words } = view.words;
  return (
    <section>
      <h2>{words.refusals}</h2>
      <Table
        caption={words.refusals}
        heads={[words.refusalAnswer, words.refusalDo]}
        rows={view.refusals.map(({ answer, kind }) => [answer, words.refusal[kind]])}
      />
      <p>{words.refusalsMore}</p>
    </section>
  );
}

interface TableProps {
  readonly caption: string;
  readonly heads: readonly [string, string];
  readonly rows: readonly (readonly [code: string, text: string])[];
}

function Table({ caption, heads, rows }: TableProps) {
  return (
    <table class="panel">
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col">{head}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([code, text]) => (
          <tr>
            <th scope="row">
              <code>{code}</code>
            </th>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Wide lines are scrolled inside the block, by keyboard too; long addresses are broken, since they have no lines. */
function Code({ id, children }: { readonly id?: string; readonly children?: Child }) {
  return (
    <pre class={id === undefined ? "code broken" : "code"} tabindex={id === undefined ? undefined : 0}>
      <code id={id}>{children}</code>
    </pre>
  );
}
