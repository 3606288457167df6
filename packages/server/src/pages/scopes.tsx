import { renderDocument, WidePage } from "./parts/document.tsx";
import { Sensitive } from "./parts/scope-list.tsx";
import type { ScopesView, ScopeView } from "./views.ts";
import type { Words } from "./words/en.ts";

/** Every scope in words, for developers who choose the least they need. */
export function scopesPage(view: ScopesView): string {
  const words = view.words.scopes;
  return renderDocument(
    <WidePage view={view} title={words.title}>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <p class="meta">
        <Sensitive>{words.sensitive}</Sensitive> {words.sensitiveMeans}
      </p>
      {view.groups.map((group) => (
        <section>
          <h2>{group.title}</h2>
          {group.about && <p>{group.about}</p>}
          <ScopeTable scopes={group.scopes} caption={group.title} words={view.words} />
        </section>
      ))}
    </WidePage>,
  );
}

interface ScopeTableProps {
  readonly scopes: readonly ScopeView[];
  readonly caption: string;
  readonly words: Words;
}

function ScopeTable({ scopes, caption, words }: ScopeTableProps) {
  return (
    <table class="panel">
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.scopes.scope}</th>
          <th scope="col">{words.scopes.description}</th>
        </tr>
      </thead>
      <tbody>
        {scopes.map((scope) => (
          <tr>
            <th scope="row">
              <code>{scope.name}</code>
            </th>
            <td>
              {scope.description} {scope.sensitive && <Sensitive>{words.scopes.sensitive}</Sensitive>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
