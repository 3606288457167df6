import { visibleValue } from "./display-text.ts";
import { describeRedirect, webHref } from "./links.ts";
import { CardPage, ownPath, renderDocument } from "./parts/document.tsx";
import type { ErrorReason, ErrorStatus, ErrorView } from "./views.ts";

/** What happened, what to do about it, and the number to name when asking for help. */
export function errorPage(view: ErrorView): string {
  const words = view.words.error;
  const reason = words.reasons[view.reason ?? usualReason[view.status]];
  const platform = view.platform.name;
  const wait = view.waitSeconds === undefined ? undefined : view.words.time.wait(view.waitSeconds);
  return renderDocument(
    <CardPage view={view} title={reason.title}>
      <p class="status">{words.status(view.status)}</p>
      <h1>{reason.title}</h1>
      <p>{reason.what(platform)}</p>
      <p>{wait === undefined ? reason.todo(platform) : words.waitFor(wait)}</p>
      <Details view={view} />
      <WayOut view={view} />
    </CardPage>,
  );
}

const usualReason: Record<ErrorStatus, ErrorReason> = {
  400: "badRequest",
  403: "forbidden",
  404: "notFound",
  405: "methodNotAllowed",
  413: "tooLarge",
  429: "tooMany",
  500: "serverError",
  503: "unavailable",
};

/** Folded away: most people who meet this page are not the ones who can mend it. */
function Details({ view }: { readonly view: ErrorView }) {
  const words = view.words.error;
  const { details = [], redirectUriDiffersIn: part } = view;
  if (details.length === 0 && part === undefined) return null;
  return (
    <details>
      <summary>{words.details}</summary>
      {part && <p>{words.differs(<strong>{words.part[part]}</strong>)}</p>}
      <dl class="facts">
        {details.map(({ name, value }) => (
          <div>
            <dt>
              <code>{visibleValue(name)}</code>
            </dt>
            <dd>
              <code>{visibleValue(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Back to the application where its address is known and one a browser may open; else to our own start page. */
function WayOut({ view }: { readonly view: ErrorView }) {
  const outside = view.backTo === undefined ? undefined : webHref(view.backTo);
  if (outside === undefined) {
    return (
      <p class="ways">
        <a href={ownPath(view, "/")}>{view.words.error.toHome(view.platform.name)}</a>
      </p>
    );
  }
  return (
    <p class="ways">
      <a class="button" href={outside} rel="noopener noreferrer">
        {view.words.error.backTo(<bdi>{describeRedirect(outside).host}</bdi>)}
      </a>
    </p>
  );
}
