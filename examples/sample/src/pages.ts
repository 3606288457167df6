import { type ConnectionError, fingerprint } from "@codegrant/client";
import { type Html, html } from "./html.ts";

/** The token response in the words of the wire. */
export interface WireTokens {
  readonly access_token: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
  readonly scope: readonly string[];
  readonly token_type: string;
}

/** A request made on the user's behalf, and what came back. */
export interface ApiAnswer {
  readonly url: string;
  /** `undefined`: none came. */
  readonly status: number | undefined;
  readonly body: string;
}

export function homePage(platform: string, scopes: readonly string[]): string {
  return page(
    `Connect ${platform}`,
    html`<div class="hero">
<h1>Connect your <bdi>${platform}</bdi> account</h1>
<p class="lead">This application would like to do something for you at <bdi>${platform}</bdi>. You sign in there, not here, and you decide.</p>
${connectButton(`Connect with ${platform}`)}
${scopes.length === 0 ? html`<p class="asks">It asks to know who you are, and nothing else.</p>` : html`<div class="asks"><p>It asks for</p>${chips(scopes)}</div>`}
</div>
<h2 class="between">What happens then</h2>
<ol class="steps">
<li><h3>You sign in</h3><p>Your browser goes to <bdi>${platform}</bdi>. Your password stays between the two of you.</p></li>
<li><h3>You decide</h3><p>You see what is asked for, approve or decline, and come back here with a code, or with your no.</p></li>
<li><h3>It is used</h3><p>The application exchanges the code for a token, and makes one request with it for you.</p></li>
</ol>`,
  );
}

export function approvedPage(platform: string, tokens: WireTokens, answer: ApiAnswer): string {
  const name = nameIn(answer.body);
  return page(
    "You are connected",
    html`<div class="hero">
${mark("good", "M5 12.5l4.5 4.5L19 7.5")}
<h1>You are connected</h1>
<p class="lead">${name === undefined ? undefined : html`Hello, <strong><bdi>${name}</bdi></strong>. `}<bdi>${platform}</bdi> gave this application a token. You can take it back there at any time, under Connections.</p>
</div>
${card(
  "The token response",
  html`<dl>
<div><dt>access_token</dt><dd><code>${shorten(tokens.access_token)}</code></dd></div>
${tokens.refresh_token === undefined ? undefined : html`<div><dt>refresh_token</dt><dd><code>${shorten(tokens.refresh_token)}</code></dd></div>`}
<div><dt>scope</dt><dd>${tokens.scope.length === 0 ? "none" : chips(tokens.scope)}</dd></div>
<div><dt>expires_in</dt><dd>${formatLifetime(tokens.expires_in)}</dd></div>
<div><dt>token_type</dt><dd>${tokens.token_type}</dd></div>
</dl>
<details><summary>Show the whole response</summary>
<p>A real application shows this to nobody.</p>
<pre>${JSON.stringify(tokens, undefined, 2)}</pre></details>`,
)}
${card(
  "A request on your behalf",
  html`<p>The application used the token once, to ask <bdi>${platform}</bdi> about you:</p>
<p class="request"><code>GET ${answer.url}</code> ${statusTag(answer.status)}</p>
<pre>${formatBody(answer.body)}</pre>`,
)}
${connectButton("Connect again", "button quiet")}`,
  );
}

export function declinedPage(platform: string, error: ConnectionError): string {
  return page(
    "You said no",
    html`<div class="hero">
${mark("calm", "M6 12h12")}
<h1>You said no, and that is fine</h1>
<p class="lead">Nothing was shared. This application goes on without <bdi>${platform}</bdi>, and you can change your mind whenever you like.</p>
${connectButton(`Connect with ${platform}`)}
</div>
${card(
  "What the application was told",
  html`<dl><div><dt>error</dt><dd><code>${error.code}</code></dd></div>
<div><dt>error_description</dt><dd>${"description" in error ? error.description : ""}</dd></div></dl>`,
)}`,
  );
}

export function problemPage(platform: string, error: ConnectionError): string {
  return page(
    "That did not work",
    html`<div class="hero">
${mark("calm", "M12 6v7.5M12 17.5v.5")}
<h1>That did not work</h1>
<p class="lead">${error.hint}</p>
${connectButton(`Connect with ${platform}`)}
</div>
${card("What happened", html`<p>${error.message}</p><p><code>${error.code}</code></p>`)}`,
  );
}

export function plainPage(title: string, sentence: string): string {
  return page(
    title,
    html`<div class="hero"><h1>${title}</h1><p class="lead">${sentence}</p><p><a href="/">To the beginning</a></p></div>`,
  );
}

function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Sample application</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><a class="brand" href="/">Sample application</a></header>
<main>
${content}
</main>
<footer>An example of the authorization code grant. It keeps everything in memory and forgets it when it stops.</footer>
</body>
</html>
`.text;
}

function card(title: string, content: Html): Html {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}
</section>`;
}

function connectButton(label: string, look = "button"): Html {
  return html`<form method="get" action="/connect"><button class="${look}" type="submit">${label}</button></form>`;
}

/** Says at a glance how it went; the heading says it in words. */
function mark(kind: "good" | "calm", path: string): Html {
  return html`<svg class="mark ${kind}" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="${path}"></path></svg>`;
}

function chips(scopes: readonly string[]): Html {
  return html`<ul class="chips">${scopes.map((scope) => html`<li>${scope}</li>`)}</ul>`;
}

function statusTag(status: number | undefined): Html {
  if (status === undefined) return html`<span class="tag">no answer</span>`;
  return html`<span class="${status < 300 ? "tag good" : "tag"}">status ${status}</span>`;
}

/** How the platform calls the person, if its answer says so. */
function nameIn(body: string): string | undefined {
  try {
    const { display_name: name } = JSON.parse(body) as { display_name?: unknown };
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}

/** Enough to recognise a token in a log, not enough to use it. */
function shorten(secret: string): string {
  return `${secret.slice(0, 6)}… ${fingerprint(secret)}`;
}

function formatLifetime(seconds: number | undefined): string {
  if (seconds === undefined) return "not said";
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.round((seconds % 3_600) / 60);
  const words = [hours > 0 ? `${hours} h` : "", minutes > 0 ? `${minutes} min` : ""].filter((word) => word !== "");
  return words.length === 0 ? String(seconds) : `${seconds} (${words.join(" ")})`;
}

function formatBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
