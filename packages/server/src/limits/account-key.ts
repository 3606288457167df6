import { hash } from "node:crypto";

/**
 * What an account is counted under: the same for every way of typing its login that signs in to it, or each way would
 * have tries of its own. Of one short length, since strangers may type anything.
 */
export function accountKeyOf(typedLogin: string): string {
  return hash("sha256", typedLogin.trim().toLowerCase(), "base64url");
}
