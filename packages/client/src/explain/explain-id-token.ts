import type { Explanation } from "./explain-answer.ts";

/** What an ID token says, unchecked: enough to see why something is missing. */
export function explainIdToken(token: string): Explanation {
  const claims = readClaims(token);
  if (claims === undefined) return { kind: "unknown", actor: "user", what: "This is a JWT that cannot be read.", todo };
  const { aud, email, iss } = claims;
  const issuer = typeof iss === "string" ? ` by ${iss.slice(0, 200)}` : "";
  const client = typeof aud === "string" ? ` for the application ${aud.slice(0, 100)}` : "";
  const mail = email === undefined ? " It has no email." : "";
  return { kind: "id_token", actor: "developer", what: `This is a JWT, made${issuer}${client}.${mail}`, todo };
}

const todo =
  "An ID token says who signed in and opens no API. Where email is missing, ask for its scope (user:read:email at Twitch, email elsewhere), and treat it as something a user may not have. Show the token to nobody.";

function readClaims(token: string): Readonly<Record<"aud" | "email" | "iss", unknown>> | undefined {
  const [, payload = ""] = token.split(".");
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === "object" && value !== null)
      return { aud: undefined, email: undefined, iss: undefined, ...value };
  } catch {
    // Not JSON in there.
  }
  return undefined;
}
