import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { ownHref } from "../links.ts";
import { usualLook } from "../look.ts";
import type { Frame } from "../views.ts";
import { Csrf } from "./form.tsx";
import { PlatformMark } from "./marks.tsx";
import { Person } from "./name.tsx";

interface DocumentProps {
  readonly view: Frame;
  readonly title: string;
  readonly children?: Child;
}

/**
 * The markup of a whole page as a string.
 * Pages are drawn at once: a part that returned a promise would be a mistake, and is told as one.
 */
export function renderDocument(page: JSX.Element): string {
  const markup = (page as { toString(): unknown }).toString();
  if (typeof markup !== "string") throw new TypeError("A page is drawn synchronously, without promises in it");
  return `<!doctype html>${markup}`;
}

/** A page about one thing: a card in the middle, with no way out but its own. */
export function CardPage({ view, title, children }: DocumentProps) {
  return (
    <Html view={view} title={title} layout="narrow">
      <header class="masthead">
        <PlatformMark of={view.platform} />
        <span class="platform">{view.platform.name}</span>
      </header>
      <main class="card">{children}</main>
      <Footer view={view} />
    </Html>
  );
}

/** A page to look around in: a bar with navigation above, room for sections below. */
export function WidePage({ view, title, children }: DocumentProps) {
  return (
    <Html view={view} title={title} layout="wide">
      <a class="skip" href="#content">
        {view.words.frame.skipToContent}
      </a>
      <NavigationBar view={view} />
      <main id="content">{children}</main>
      <Footer view={view} />
    </Html>
  );
}

/** A path of this server, below wherever it is mounted. */
export function ownPath(view: Frame, path: string): string {
  return `${view.basePath ?? ""}${path}`;
}

function Html({ view, title, layout, children }: DocumentProps & { readonly layout: string }) {
  const { words, platform } = view;
  const look = platform.look ?? usualLook;
  return (
    <html lang={words.lang} dir={words.dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{words.frame.title(title, platform.name)}</title>
        <link rel="icon" href={look.favicon} />
        <link rel="stylesheet" href={ownPath(view, look.stylesheetPath)} />
      </head>
      <body class={layout}>{children}</body>
    </html>
  );
}

function NavigationBar({ view }: { readonly view: Frame }) {
  const words = view.words.frame;
  return (
    <header class="bar">
      <a class="masthead" href={ownPath(view, "/")} aria-label={words.home(view.platform.name)}>
        <PlatformMark of={view.platform} />
        <span class="platform">{view.platform.name}</span>
      </a>
      <nav aria-label={words.navigation}>
        <a href={ownPath(view, "/settings/connections")}>{words.connections}</a>
        <a href={ownPath(view, "/docs/scopes")}>{words.scopes}</a>
      </nav>
      {view.signedInAs && (
        <div class="session">
          <Account view={view} />
          <SignOut view={view} />
        </div>
      )}
    </header>
  );
}

/** Who signs out here has an account here. */
function Account({ view }: { readonly view: Frame }) {
  if (view.signedInAs === undefined) return null;
  const person = <Person of={view.signedInAs} words={view.words} />;
  if (view.signOut === undefined) return person;
  return (
    <a href={ownPath(view, "/settings/sessions")} title={view.words.frame.account}>
      {person}
    </a>
  );
}

function SignOut({ view }: { readonly view: Frame }) {
  if (view.signOut === undefined) return null;
  return (
    <form method="post" action={ownHref(view.signOut.path)}>
      <Csrf value={view.signOut.csrf} />
      <button class="text">{view.words.frame.signOut}</button>
    </form>
  );
}

function Footer({ view }: { readonly view: Frame }) {
  return (
    <footer>
      {view.platform.footer && <p>{view.platform.footer}</p>}
      <p>{view.words.frame.requestId(<code>{view.requestId}</code>)}</p>
    </footer>
  );
}
