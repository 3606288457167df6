import { findRow } from "../advice-rows.ts";
import { otherClient, tokenRows } from "../calls/validate-token.ts";
import type { Explanation } from "./explain-answer.ts";

interface Signal extends Omit<Explanation, "kind"> {
  readonly pattern: RegExp;
}

/** Texts that people meet outside of an OAuth answer: on a page, in a chat, from an API, from another library. */
const signals: readonly Signal[] = [
  {
    pattern: /browser is not (?:currently )?supported|disallowed_useragent/i,
    code: "embedded_browser",
    actor: "developer",
    what: "The provider refuses to sign in inside an application's own window.",
    todo: "Open the address in the system's browser and take the answer on a loopback address, or log in by device.",
  },
  {
    pattern: /login authentication failed|login unsuccessful|improperly formatted auth/i,
    code: "chat_login_failed",
    actor: "developer",
    what: "The chat did not take the token: it has ended, lacks chat:read, or came without oauth: before it.",
    todo: "Take a fresh token whenever you connect or reconnect, ask for chat:read and chat:edit, and send it as oauth:TOKEN.",
  },
  {
    pattern: /missing (?:required )?(?:oauth )?scope/i,
    code: "insufficient_scope",
    actor: "developer",
    what: "The token is good, but was not granted what this request needs.",
    todo: tokenRows.insufficient_scope.hint,
  },
  {
    pattern: /client.?id and oauth token do not match/i,
    code: "client_ids_differ",
    actor: "developer",
    what: "The client id in the request is not the one that the token was given to.",
    todo: otherClient,
  },
  {
    pattern: /"?scope"?.{0,60}must be a string|scope\.split is not a function|cannot unmarshal array.{0,80}scope/i,
    code: "scope_is_a_list",
    actor: "developer",
    what: "The library that read the answer expects one string of scopes, and this provider sends a list (or none).",
    todo: "Nothing is wrong with the answer. Read it with a client that knows the provider, or teach that library the list.",
  },
  {
    pattern: /user denied you access|access.?denied/i,
    code: "access_denied",
    actor: "user",
    what: "The user said no, or closed the page.",
    todo: findRow("access_denied")?.hint ?? "",
  },
  {
    pattern: /^(?:410 )?gone\b|404 page not found|(?:cannot|method not allowed).{0,20}(?:get|\/token)/i,
    code: "wrong_address",
    actor: "developer",
    what: "There is nothing at this address, or not by this method.",
    todo: "Ask for tokens by POST, at the address of the provider's documentation, without a slash at the end.",
  },
  {
    pattern: /redirect_?(?:uri)?_?mismatch|redirect.?uri.{0,40}(?:match|registered|valid)/i,
    code: "redirect_uri_mismatch",
    actor: "developer",
    what: "The redirect URI is not one that is registered.",
    todo: "Register exactly the one you send, byte for byte: scheme, host, port, path and trailing slash. Send the same one with the code.",
  },
  {
    pattern: /error="?(invalid_token|insufficient_scope)"?/i,
    code: "invalid_token",
    actor: "user",
    what: "An API refused the access token.",
    todo: "Refresh it; if that is refused, log in again. If a scope is missing, log in again and ask for it.",
  },
  {
    pattern: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|certificate|getaddrinfo/i,
    code: "ERR_NETWORK",
    actor: "operator",
    what: "The provider was not reached at all.",
    todo: "Check the address, the network, the proxy and the clock, then try again. Your tokens are as good as before.",
  },
];

export function findSignal(text: string): Explanation | undefined {
  const found = signals.find(({ pattern }) => pattern.test(text.slice(0, 4_096)));
  if (found === undefined) return undefined;
  const { actor, code, todo, what } = found;
  return { kind: "error", code, actor, what, todo };
}
