/** After so long even an answer that never ends has ended, so that no test hangs for ever. */
const longestSeconds = 120;

/** The answer's text in pieces, one every so often; `undefined` between them: half of it, and then nothing more. */
export function slowBody(text: string, everySeconds: number | undefined, signal: AbortSignal): ReadableStream {
  const bytes = new TextEncoder().encode(text);
  const pieces =
    everySeconds === undefined ? [bytes.slice(0, bytes.length / 2)] : [...bytes].map((one) => Uint8Array.of(one));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  return new ReadableStream({
    start(controller) {
      const startedAt = performance.now();
      stop = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", breakOff);
      };
      const breakOff = (): void => {
        stop?.();
        controller.error(signal.reason);
      };
      const next = (): void => {
        const piece = pieces.shift();
        if (piece !== undefined) controller.enqueue(piece);
        if (pieces.length === 0 && everySeconds !== undefined) {
          stop?.();
          return controller.close();
        }
        const isOver = performance.now() - startedAt > longestSeconds * 1_000;
        if (isOver) breakOff();
        else timer = setTimeout(next, (everySeconds ?? longestSeconds) * 1_000 + 1).unref();
      };
      signal.addEventListener("abort", breakOff);
      if (signal.aborted) breakOff();
      else next();
    },
    cancel: () => stop?.(),
  });
}
