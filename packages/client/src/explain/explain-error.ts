import type { OAuthError } from "@codegrant/protocol";
import { advise, isConnectionError } from "../advice.ts";
import { deviceRows } from "../calls/finish-device-authorization.ts";
import { idTokenRows } from "../calls/grant-tokens.ts";
import { revokeRows } from "../calls/revoke-token.ts";
import { tokenRows } from "../calls/validate-token.ts";
import type { Provider } from "../provider.ts";
import type { Explanation } from "./explain-answer.ts";
import { findSignal } from "./signals.ts";

/** An error with the advice that the client itself would give, and the server's own text. */
export function explainError(
  error: OAuthError,
  provider: Provider | undefined,
  { kind, redirectUri }: { readonly kind: "error" | "refused"; readonly redirectUri?: string | undefined },
): Explanation {
  const { code, description } = error;
  const signal = error.reason === undefined ? findSignal(description) : undefined;
  if (signal !== undefined) return { ...signal, kind, what: `${said(error)} ${signal.what}` };
  const who = provider ?? { name: "unknown", title: "The provider" };
  const advised = advise(error, { provider: who, redirectUri, isFinal: true, rows: everyRow });
  const { actor, hint } = isConnectionError(advised) ? advised : ({ actor: "developer", hint: "" } as const);
  return { kind, code, actor, what: said(error), todo: hint };
}

/** Which step it came from is not known here. */
const everyRow = { ...revokeRows, ...tokenRows, ...deviceRows, ...idTokenRows };

function said({ code, description }: OAuthError): string {
  const text = hideSecrets(description);
  return text === "" || text === code ? `The provider said ${code}.` : `The provider said ${code}: ${text}.`;
}

/** Some servers repeat what they were sent. */
function hideSecrets(text: string): string {
  return text
    .slice(0, maximumText)
    .replaceAll(/[\w+/=~-]{20,}/g, "…")
    .replace(/[.\s]+$/, "");
}

const maximumText = 300;
