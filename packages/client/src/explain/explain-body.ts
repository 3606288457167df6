import { type Dialect, FlowError, helix, type OAuthError, parseErrorResponse, twitch } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "../providers/plain-dialect.ts";
import type { Explanation } from "./explain-answer.ts";
import { explainError } from "./explain-error.ts";

type Members = Readonly<Record<string, unknown>>;

/** The body of an answer; `undefined` if it is none that is known here. */
export function explainBody(text: string, provider: Provider | undefined): Explanation | undefined {
  const body = parse(text);
  if (body === undefined) return { ...cutOff };
  if (typeof body["access_token"] === "string") return explainTokens(body);
  if (typeof body["device_code"] === "string") return deviceBegun;
  if (typeof body["client_id"] === "string" && ("scopes" in body || "login" in body)) return explainStatus(body);
  const error = findError(text, body, provider);
  return error === undefined ? undefined : explainError(error, provider, { kind: "error" });
}

function parse(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
  } catch {
    return undefined;
  }
}

/** In the provider's own dialect first; what has a `message` is read as Twitch writes it. The one that knows it wins. */
function findError(text: string, body: Members, provider: Provider | undefined): OAuthError | undefined {
  const status = [body["status"], body["error"]].find((one) => typeof one === "number") ?? 400;
  const own: readonly Dialect[] = provider === undefined ? [] : [provider.dialect];
  const others: readonly Dialect[] = typeof body["message"] === "string" ? [helix, twitch] : [plainDialect];
  const read = [...own, ...others].flatMap((dialect) => readError(text, status, dialect) ?? []);
  return read.find(({ reason }) => reason !== undefined) ?? read[0];
}

function readError(body: string, status: number, dialect: Dialect): OAuthError | undefined {
  try {
    return parseErrorResponse({ status, contentType: "application/json", body }, dialect);
  } catch (error) {
    if (error instanceof FlowError) return undefined;
    throw error;
  }
}

function explainTokens(body: Members): Explanation {
  const refresh = typeof body["refresh_token"] === "string";
  const granted = body["scope"];
  const scopes = Array.isArray(granted) ? granted.join(" ") : typeof granted === "string" ? granted : "";
  const forScopes = scopes === "" ? "" : ` Granted: ${scopes.slice(0, 300)}.`;
  return {
    kind: "tokens",
    actor: refresh ? "user" : "developer",
    what: `This is a good answer: an access token${refresh ? " and a refresh token" : ""}.${forScopes}`,
    todo: refresh
      ? "Save both before you use them, and show them to nobody. If anybody saw them, log out and log in again."
      : "Show it to nobody. There is no refresh token, so the user logs in again when it ends; some providers give one only for a scope or a parameter of their own.",
  };
}

/** What Twitch's validate answers. */
function explainStatus(body: Members): Explanation {
  const login = typeof body["login"] === "string" ? body["login"] : undefined;
  return {
    kind: "token_status",
    actor: "nobody",
    what: `The token is alive${login === undefined ? " and an application's own" : `, and belongs to ${login}`}.`,
    todo: "If that is the wrong account, log in again and have the page shown (force_verify), or say whom you expect. Validate at the start of a session and once an hour, and reuse the token until it ends: more than fifty at once push out the oldest.",
  };
}

const deviceBegun: Explanation = {
  kind: "tokens",
  actor: "user",
  what: "A login by device has begun.",
  todo: "Open the verification address, enter the user code, and go on polling: only authorization_pending and slow_down mean that it is still open.",
};

const cutOff: Explanation = {
  kind: "unknown",
  actor: "user",
  what: "This begins like JSON and is none: a piece is missing.",
  todo: "Paste the whole body of the answer.",
};
