import { plainName } from "../display-text.ts";
import { formatRelative, formatRelativeDay, formatUtc } from "../time.ts";
import type { Person as PersonView } from "../views.ts";
import type { Words } from "../words/en.ts";

/** A name somebody chose, isolated so that its direction leaves the sentence around it alone. */
export function Name({ of }: { readonly of: string }) {
  return <bdi>{plainName(of)}</bdi>;
}

/** The display name, with the login where it tells more. */
export function Person({ of, words }: { readonly of: PersonView; readonly words: Words }) {
  if (of.displayName === of.login) return <Name of={of.login} />;
  return <span>{words.frame.person(<Name of={of.displayName} />, <Name of={of.login} />)}</span>;
}

interface AgoProps {
  readonly at: number;
  readonly now: number;
  readonly words: Words;
  /** The time is known to the day only. */
  readonly day?: boolean;
}

/** "3 days ago", with the moment in UTC for whoever points at it or reads the markup. */
export function Ago({ at, now, words, day }: AgoProps) {
  const utc = day ? formatUtc(at).slice(0, 10) : formatUtc(at);
  return (
    <time datetime={utc} title={utc}>
      {day ? formatRelativeDay(at, now, words) : formatRelative(at, now, words)}
    </time>
  );
}

/** A moment that has yet to come, to the minute. */
export function Utc({ at }: { readonly at: number }) {
  const utc = formatUtc(at);
  return <time datetime={utc}>{utc.slice(0, 16).replace("T", " ")} UTC</time>;
}
