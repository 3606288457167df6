import type { Dialect } from "@codegrant/protocol";
import type { RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { Application } from "../records.ts";

/** Who asks for tokens, and how the answer is spoken. */
export interface TokenContext {
  readonly platform: Platform;
  readonly dialect: Dialect;
  readonly request: RequestRecord;
  readonly application: Application;
  /** Epoch seconds: when the whole request was here. */
  readonly receivedAt: number;
}
