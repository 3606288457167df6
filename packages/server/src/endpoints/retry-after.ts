/** When another try makes sense, where a store says that it was only busy and that nothing was written (`BusyError`). */
export function retryAfterSecondsOf(cause: unknown): number | undefined {
  const isBusy = cause instanceof Error && "retryAfterSeconds" in cause;
  return isBusy && typeof cause.retryAfterSeconds === "number" ? cause.retryAfterSeconds : undefined;
}
