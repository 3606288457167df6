import type { ErrorReason, ErrorStatus, UriPart } from "./pages/index.ts";

/** Ends a request with an error page. Nothing was stored for it, and it never becomes a redirect. */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly status: ErrorStatus;
  readonly reason: ErrorReason;
  readonly shown: PageErrorDetails;

  constructor(status: ErrorStatus, reason: ErrorReason, shown: PageErrorDetails = {}) {
    super(reason);
    this.status = status;
    this.reason = reason;
    this.shown = shown;
  }
}

/** What the page tells the developer of the application, beside what happened. */
export interface PageErrorDetails {
  readonly details?: readonly { readonly name: string; readonly value: string }[];
  readonly redirectUriDiffersIn?: UriPart | undefined;
  readonly backTo?: string;
  readonly waitSeconds?: number;
  /** For the log only. */
  readonly detail?: string;
  readonly headers?: readonly string[];
}
