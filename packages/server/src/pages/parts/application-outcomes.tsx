import { visibleValue } from "../display-text.ts";
import type { ApplicationView, OutcomeView } from "../views.ts";
import { Ago } from "./name.tsx";

/** What came of the application's last requests, in words and in those of the wire and the log. */
export function Outcomes({ view }: { readonly view: ApplicationView }) {
  const words = view.words.application;
  const { outcomes } = view;
  return (
    <section>
      <h2>{words.outcomesTitle}</h2>
      {outcomes.length === 0 ? (
        <p class="empty">{words.outcomesNone}</p>
      ) : (
        <ul class="panel rows">
          {outcomes.map((outcome) => (
            <Outcome outcome={outcome} view={view} />
          ))}
        </ul>
      )}
      <p class="aside">{words.outcomesSince(<Ago at={view.rememberedSince} now={view.now} words={view.words} />)}</p>
    </section>
  );
}

function Outcome({ outcome, view }: { readonly outcome: OutcomeView; readonly view: ApplicationView }) {
  const { application: words, error } = view.words;
  const { at, count, kind, code, detail, part } = outcome;
  return (
    <li>
      <p>{part === undefined ? words.outcome[kind] : error.differs(<strong>{error.part[part]}</strong>)}</p>
      <p class="meta dotted">
        <span>{words.outcomeTimes(count, <Ago at={at} now={view.now} words={view.words} />)}</span>
        {code !== undefined && <Said>{code}</Said>}
        {detail !== undefined && <Said>{detail}</Said>}
      </p>
    </li>
  );
}

function Said({ children }: { readonly children: string }) {
  return (
    <span>
      <code>{visibleValue(children)}</code>
    </span>
  );
}
