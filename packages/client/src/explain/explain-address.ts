import { OAuthError, type Parameters, parseAuthorizationResponse, parseParameters } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "../providers/plain-dialect.ts";
import type { Explanation } from "./explain-answer.ts";
import { explainError } from "./explain-error.ts";

/** The address a browser is at: a callback, or where a login begins; `undefined` if it is neither. */
export function explainAddress(address: string, provider: Provider | undefined): Explanation | undefined {
  const [beforeFragment = "", fragment = ""] = address.split("#", 2);
  const mark = beforeFragment.indexOf("?");
  const query = mark === -1 ? (beforeFragment.includes("://") ? "" : beforeFragment) : beforeFragment.slice(mark + 1);
  const parameters = read(query);
  if (parameters === undefined) return undefined;
  if (parameters.has("client_id") && parameters.has("response_type")) return explainBeginning(parameters, provider);
  if (/(?:^|&)access_token=/.test(fragment)) return implicit;
  const callback = /(?:^|&)error=/.test(fragment) ? (read(fragment) ?? parameters) : parameters;
  if (!callback.has("code") && !callback.has("error")) return undefined;
  return explainCallback(callback, mark === -1 ? undefined : beforeFragment.slice(0, mark), provider);
}

function read(query: string): Parameters | undefined {
  try {
    return parseParameters(query);
  } catch (error) {
    if (error instanceof OAuthError) return undefined;
    throw error;
  }
}

function explainCallback(
  parameters: Parameters,
  redirectUri: string | undefined,
  provider: Provider | undefined,
): Explanation {
  try {
    const answer = parseAuthorizationResponse(parameters, provider?.dialect ?? plainDialect);
    if (answer.kind === "code") return answer.state === undefined ? approvedWithoutState : approved;
    // A provider that was sent another redirect URI answers at one that is registered, so this is not the one to name.
    const isMismatch = answer.error.code === "redirect_mismatch" || answer.error.reason === "redirect_uri_mismatch";
    return explainError(answer.error, provider, { kind: "refused", redirectUri: isMismatch ? undefined : redirectUri });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { ...approved, kind: "unknown", what: `This is no whole answer: ${error.description}.`, todo: startAgain };
  }
}

const startAgain = "Start again from the application, and take the address as the browser shows it.";

const approved: Explanation = {
  kind: "approved",
  actor: "user",
  what: "The user approved, and a code waits to be exchanged. It works once, for a minute or a few, and only for the login that asked for it.",
  todo: "Paste the whole address into the login that waits. If none does, start again; and show the code to nobody meanwhile.",
};

const approvedWithoutState: Explanation = {
  ...approved,
  actor: "developer",
  what: `${approved.what} But it carries no state, so nobody can tell whose login it answers.`,
  todo: "Send a state with every login, bound to the browser, and start again.",
};

const implicit: Explanation = {
  kind: "tokens",
  actor: "developer",
  what: "This is the answer of the implicit flow: the access token itself stands behind the #, where servers never see it.",
  todo: "Ask with response_type=code instead. This token has been in an address, so revoke it.",
};

/** What is wrong with the address where a login begins, the first thing that is. */
function explainBeginning(parameters: Parameters, provider: Provider | undefined): Explanation {
  const redirectUri = parameters.get("redirect_uri");
  const problem = beginningProblems.find(({ applies }) => applies(parameters, provider));
  const what = "This is the address where a login begins, not an answer.";
  if (problem !== undefined) {
    return { kind: "authorize_address", actor: "developer", what: `${what} ${problem.what}`, todo: problem.todo };
  }
  const todo = `Open it in a browser and approve. If the provider refuses the redirect URI, register exactly this one: ${redirectUri}`;
  return {
    kind: "authorize_address",
    actor: "user",
    what: `${what} Nothing is wrong with it as far as it shows.`,
    todo,
  };
}

interface BeginningProblem {
  readonly applies: (parameters: Parameters, provider: Provider | undefined) => boolean;
  readonly what: string;
  readonly todo: string;
}

const beginningProblems: readonly BeginningProblem[] = [
  {
    applies: (parameters) => parameters.get("response_type") !== "code",
    what: "It asks for something else than a code, so no code will come.",
    todo: "Send response_type=code.",
  },
  {
    applies: (parameters) => parameters.get("redirect_uri") === undefined,
    what: "It has no redirect_uri.",
    todo: "Send the redirect URI that is registered, byte for byte.",
  },
  {
    applies: (parameters) => /^https?%3a/i.test(parameters.get("redirect_uri") ?? ""),
    what: "Its redirect_uri was encoded twice.",
    todo: "Encode it once, where the address is put together.",
  },
  {
    applies: (parameters) =>
      /^http:\/\/(?!localhost[:/]|localhost$|127\.|\[::1\])/.test(parameters.get("redirect_uri") ?? ""),
    what: "Its redirect_uri is http, and not on this machine; most providers refuse that.",
    todo: "Use https, or http on localhost or 127.0.0.1 while developing.",
  },
  {
    applies: (parameters, provider) =>
      (parameters.get("scope") ?? "").includes(",") &&
      (provider === undefined || provider.dialect.scope.separator === " "),
    what: "Its scopes have commas between them, which most providers read as one scope.",
    todo: "Put blanks between scopes (they become + or %20).",
  },
  {
    applies: (parameters) => parameters.get("state") === undefined,
    what: "It has no state, so its answer could be anybody's.",
    todo: "Send a random state, and compare it when the answer comes.",
  },
];
