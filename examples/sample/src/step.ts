import { fingerprint } from "@codegrant/client";

/** One message of the flow, for whoever draws it. Secrets in it are fingerprints already. */
export interface Step {
  /** "browser", "application" or "platform". */
  readonly from: string;
  readonly to: string;
  /** Of a request. */
  readonly method?: string;
  /** Of a request, or where an answer sends the browser. */
  readonly url?: string;
  /** Of an answer. */
  readonly status?: number;
  /** What the message carries or asks for, in a few words. */
  readonly what: string;
}

export type OnStep = (step: Step) => void;

/** The address with every secret in its query shortened to a fingerprint. */
export function withoutSecrets(address: string | URL): string {
  const url = new URL(address);
  const query = [...url.searchParams].map(([name, value]) => {
    const shown = secretNames.has(name) ? fingerprint(value) : encodeURIComponent(value).replaceAll("%20", "+");
    return `${encodeURIComponent(name)}=${shown}`;
  });
  return `${url.origin}${url.pathname}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

const secretNames: ReadonlySet<string> = new Set(["code", "state", "access_token", "refresh_token", "client_secret"]);
