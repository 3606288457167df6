import type { Child } from "hono/jsx";
import type { ScopeChoice, ScopeView } from "../views.ts";
import type { Words } from "../words/en.ts";
import { CheckMark } from "./marks.tsx";

interface ScopeListProps {
  readonly scopes: readonly ScopeView[];
  readonly words: Words;
}

/** Scopes in words, one a line. */
export function ScopeList({ scopes, words, quiet }: ScopeListProps & { readonly quiet?: boolean }) {
  return (
    <ul class={quiet ? "scopes quiet" : "scopes"}>
      {scopes.map((scope) => (
        <li>
          <CheckMark />
          <ScopeWords scope={scope} words={words} />
        </li>
      ))}
    </ul>
  );
}

/** Scopes a person may untick, as fields `scope`. */
export function ScopeChoices({ scopes, words }: ScopeListProps & { readonly scopes: readonly ScopeChoice[] }) {
  return (
    <ul class="scopes">
      {scopes.map((scope) => (
        <li>
          <label class="choice">
            <input type="checkbox" name="scope" value={scope.name} checked />
            <ScopeWords scope={scope} words={words} />
          </label>
        </li>
      ))}
    </ul>
  );
}

function ScopeWords({ scope, words }: { readonly scope: ScopeView; readonly words: Words }) {
  return (
    <span class="scope">
      <bdi>{scope.description}</bdi> {scope.sensitive && <Sensitive>{words.consent.sensitive}</Sensitive>}
    </span>
  );
}

export function Sensitive({ children }: { readonly children?: Child }) {
  return <span class="tag">{children}</span>;
}
