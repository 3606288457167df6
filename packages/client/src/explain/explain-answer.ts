import type { Actor } from "../advice-rows.ts";
import type { Provider } from "../provider.ts";
import { explainAddress } from "./explain-address.ts";
import { explainBody } from "./explain-body.ts";
import { explainIdToken } from "./explain-id-token.ts";
import { findSignal } from "./signals.ts";

/** What a pasted answer means, for the person who pasted it. Nothing of a code or token is in it. */
export interface Explanation {
  readonly kind:
    | "approved"
    | "refused"
    | "error"
    | "tokens"
    | "token_status"
    | "id_token"
    | "authorize_address"
    | "unknown";
  /** The code of the error, where there is one. */
  readonly code?: string | undefined;
  readonly actor: Actor;
  /** What happened, in one or two sentences. */
  readonly what: string;
  readonly todo: string;
}

/**
 * Explains what somebody ended up with: the address of a callback, the body of an answer, a text from a log or a page.
 * Sends nothing and keeps nothing. The provider, where it is known, knows its own texts best.
 *
 * @example
 * const { what, todo } = explainAnswer("http://localhost:3000/?error=redirect_mismatch", twitch);
 */
export function explainAnswer(pasted: string, provider?: Provider): Explanation {
  const text = pasted.trim();
  if (text.length > maximumLength) return unknown("This is longer than any answer.");
  if (text.startsWith("{")) return explainBody(text, provider) ?? unknown("This is JSON, but no answer of OAuth.");
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return explainIdToken(text);
  const fromAddress = looksLikeAddress(text) ? explainAddress(text, provider) : undefined;
  const found = fromAddress ?? findSignal(text);
  if (found !== undefined) return found;
  if (/^<(?:!doctype|html|\?xml)/i.test(text)) return page;
  return /^\S{10,}$/.test(text) ? bareWord : unknown("Nothing in this is known here.");
}

const maximumLength = 65_536;

function looksLikeAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/\S*$/i.test(text) || /^\S*[?&#]?(?:code|error|access_token)=\S*$/.test(text);
}

const page: Explanation = {
  kind: "unknown",
  actor: "developer",
  what: "This is a web page, not an answer to a program.",
  todo: "Check the address and the method: tokens are asked for by POST, at the token endpoint, without a slash at the end. A proxy or a firewall may also answer in its place.",
};

const bareWord: Explanation = {
  kind: "unknown",
  actor: "developer",
  what: "This is a single word: a client id, a code and a token all look like it, and none can stand for another.",
  todo: "Say where it came from by pasting all of it: the whole address, or the whole answer. If it is a secret and was shown to others, revoke it.",
};

function unknown(what: string): Explanation {
  const todo = "Paste the whole address the browser ended at, or the whole body of the answer.";
  return { kind: "unknown", actor: "user", what, todo };
}
