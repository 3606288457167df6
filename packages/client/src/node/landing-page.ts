import { createHash } from "node:crypto";
import type { LandingPage } from "../connect/machine.ts";

/**
 * What the browser shows at the end. Nothing of the request is ever in it: no code, no token, no state, no text of the
 * provider's, so that whoever sends a browser here can put nothing on the page.
 */
export function formatLandingPage(page: LandingPage): string {
  const { title, text } = words[page];
  return `<!doctype html>
<html lang="en" dir="ltr">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`;
}

export const landingHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export const landingStatus: Readonly<Record<LandingPage, number>> = {
  approved: 200,
  declined: 200,
  other_user: 200,
  failed: 200,
  stray: 400,
};

const words: Readonly<Record<LandingPage, { readonly title: string; readonly text: string }>> = {
  approved: { title: "You are connected", text: "You can close this window and go back to where you came from." },
  declined: { title: "Not connected", text: "You said no, and nothing was connected. You can close this window." },
  other_user: {
    title: "Another account",
    text: "You are logged in as somebody else than expected, so nothing was connected. Look where you started the login.",
  },
  failed: { title: "That did not work", text: "Look where you started the login: it says what to do next." },
  stray: {
    title: "Nothing to do here",
    text: "This is not the answer to a login that is under way. A login that is goes on; nothing has changed.",
  },
};

const style = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:18px/1.6 system-ui,sans-serif;background:Canvas;color:CanvasText}main{max-width:32rem;padding:2rem}h1{font-size:1.6rem;line-height:1.2;margin:0 0 .5rem}p{margin:0;opacity:.8}`;

export const landingPolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
