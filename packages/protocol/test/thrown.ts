import { FlowError, OAuthError } from "@codegrant/protocol";

/** What a call throws: tests look at its code and reason. Fails if it returns. */
export function thrown(call: () => unknown): OAuthError | FlowError {
  try {
    call();
  } catch (error) {
    if (error instanceof OAuthError || error instanceof FlowError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** The same, for what must be the protocol's no. */
export function refusal(call: () => unknown): OAuthError {
  const error = thrown(call);
  if (error instanceof OAuthError) return error;
  throw error;
}

/** Runs a parser on hostile input: it may return or throw one of ours, and nothing else. */
export function onlyOurErrors(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof OAuthError) && !(error instanceof FlowError)) throw error;
  }
}
