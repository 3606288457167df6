import type { ProcessIdentity } from "../keeper/connection-record.ts";
import type { LoginPrompt } from "./connection.ts";

/** What a terminal's machine can do; `@codegrant/client/node` has one. Without it there is no login by loopback. */
export interface Machine {
  readonly process: ProcessIdentity;
  /** True only if that process certainly is gone. */
  isGone(holder: ProcessIdentity): boolean;
  /** Whether a browser was started with the address. */
  openBrowser(url: string): Promise<boolean>;
  /**
   * Waits at a redirect URI on this machine. Throws a `FlowError` `ERR_PORT_BUSY` if another program has any address
   * that the URI may lead to.
   */
  listen(redirectUri: string, answer: AnswerCallback): Promise<CallbackListener>;
  /** Shows the person a prompt that nobody else takes. */
  tell(prompt: LoginPrompt): void;
}

/** Gets what follows the path and says what the browser is shown. */
export type AnswerCallback = (callback: string) => Promise<LandingPage>;

export type LandingPage = "approved" | "declined" | "other_user" | "failed" | "stray";

export interface CallbackListener {
  /** The one that was asked for; a port 0 in it has become the port that was given. */
  readonly redirectUri: string;
  /** Closes once the page that was promised has been fetched, or after a second. */
  close(): Promise<void>;
}
