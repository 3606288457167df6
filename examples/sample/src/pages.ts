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
    html`<h1>Connect your <bdi>${platform}</bdi> account</h1>
<p class="lead">This application would like to do something for you at <bdi>${platform}</bdi>. You sign in there, not here, and you decide.</p>
<section class="card">
<h2>It will ask for</h2>
${scopes.length === 0 ? html`<p>your name, and nothing else</p>` : chips(scopes)}
</section>
${connectButton(`Connect with ${platform}`)}
<section class="card">
<h2>What happens then</h2>
<ol class="steps">
<li>Your browser goes to <bdi>${platform}</bdi>, where you sign in and see what is asked for.</li>
<li>You approve or decline, and come back here with a code, or with your no.</li>
<li>The application exchanges the code for a token and makes one request with it.</li>
</ol>
</section>`,
  );
}

export function approvedPage(platform: string, tokens: WireTokens, answer: ApiAnswer): string {
  return page(
    "You are connected",
    html`<h1>You are connected</h1>
<p class="lead"><bdi>${platform}</bdi> gave this application a token. You can take it back there at any time, under Connections.</p>
<section class="card">
<h2>The token response</h2>
<dl>
<dt>access_token</dt><dd><code>${shorten(tokens.access_token)}</code></dd>
${tokens.refresh_token === undefined ? undefined : html`<dt>refresh_token</dt><dd><code>${shorten(tokens.refresh_token)}</code></dd>`}
<dt>scope</dt><dd>${tokens.scope.length === 0 ? "none" : chips(tokens.scope)}</dd>
<dt>expires_in</dt><dd>${formatLifetime(tokens.expires_in)}</dd>
<dt>token_type</dt><dd>${tokens.token_type}</dd>
</dl>
<details><summary>Show the whole response</summary>
<p>A real application shows this to nobody.</p>
<pre>${JSON.stringify(tokens, undefined, 2)}</pre></details>
</section>
<section class="card">
<h2>A request on your behalf</h2>
<p><code>GET ${answer.url}</code> with the access token, answered ${answer.status === undefined ? "by nobody" : `with status ${answer.status}`}:</p>
<pre>${formatBody(answer.body)}</pre>
</section>
${connectButton("Connect again")}`,
  );
}

export function declinedPage(platform: string, error: ConnectionError): string {
  return page(
    "You said no",
    html`<h1>You said no, and that is fine</h1>
<p class="lead">Nothing was shared. This application goes on without <bdi>${platform}</bdi>, and you can change your mind whenever you like.</p>
<section class="card">
<h2>What the application was told</h2>
<dl><dt>error</dt><dd><code>${error.code}</code></dd>
<dt>error_description</dt><dd>${"description" in error ? error.description : ""}</dd></dl>
</section>
${connectButton(`Connect with ${platform}`)}`,
  );
}

export function problemPage(platform: string, error: ConnectionError): string {
  return page(
    "That did not work",
    html`<h1>That did not work</h1>
<p class="lead">${error.hint}</p>
<section class="card"><h2>What happened</h2><p>${error.message}</p><p><code>${error.code}</code></p></section>
${connectButton(`Connect with ${platform}`)}`,
  );
}

export function plainPage(title: string, sentence: string): string {
  return page(title, html`<h1>${title}</h1><p class="lead">${sentence}</p><p><a href="/">To the beginning</a></p>`);
}

function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
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

function connectButton(label: string): Html {
  return html`<form method="get" action="/connect"><button class="button" type="submit">${label}</button></form>`;
}

function chips(scopes: readonly string[]): Html {
  return html`<ul class="chips">${scopes.map((scope) => html`<li>${scope}</li>`)}</ul>`;
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
