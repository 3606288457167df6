export interface PlacesOptions {
  /** Requests that were read and wait for their answer; the next one is sent away at once. 1,000 unless given. */
  readonly maximumInFlight?: number;
  /** Milliseconds since whenever, which no clock can set back. */
  elapsed?(): number;
  /** Told when requests are sent away, and again only after ten seconds without that: for the log. */
  onBusy?(): void;
}

/** A request that was read: exactly one of the two is called. */
export interface Waiting {
  start(): void;
  refuse(): void;
}

export interface Places {
  /** Starts it now, or within half a second, or refuses it. Whatever was started must `leave`. */
  enter(waiting: Waiting): void;
  /** Whether the next one has a place; notes when it has none. */
  isFree(): boolean;
  leave(this: void): void;
}

/**
 * Lets requests in so that whoever is let in is answered soon. Each turn of the event loop works for a few milliseconds
 * and what is left waits here, where its age is seen. Otherwise it would wait in the system's queues, where nobody sees
 * it: a turn would last until everything that was ready is answered, and Node takes one new connection a turn.
 */
export function createPlaces({ maximumInFlight = 1_000, onBusy, ...options }: PlacesOptions): Places {
  const elapsed = options.elapsed ?? (() => performance.now());
  let taken = 0;
  let refusedAt = Number.NEGATIVE_INFINITY;
  let queue: { readonly since: number; readonly waiting: Waiting }[] = [];
  let next = 0;
  let sliceEndsAt: number | undefined;

  const isOldestOver = (milliseconds: number): boolean => {
    const oldest = queue.length - next > fewWaiting ? queue[next] : undefined;
    return oldest !== undefined && elapsed() - oldest.since > milliseconds;
  };

  const isFree = (): boolean => {
    if (taken + queue.length - next < maximumInFlight && !isOldestOver(busyAfterMilliseconds)) return true;
    noteRefusal();
    return false;
  };

  const noteRefusal = (): void => {
    const now = elapsed();
    if (now - refusedAt > quietMilliseconds) onBusy?.();
    refusedAt = now;
  };

  /** The slice of this turn; at the turn's end the next one is planned, if anyone waits. */
  const isSliceOver = (): boolean => {
    const now = elapsed();
    if (sliceEndsAt === undefined) {
      sliceEndsAt = now + sliceMilliseconds;
      if (next === queue.length) setImmediate(endTurn);
    }
    return now >= sliceEndsAt;
  };

  const endTurn = (): void => {
    sliceEndsAt = undefined;
    const count = Math.min(queue.length - next, maximumEachTurn);
    if (count === 0) return;
    // One callback each: what a request does after its first `await` then happens before the next begins, and is timed.
    for (let i = 0; i < count; i++) setImmediate(startOne);
    setImmediate(endTurn);
  };

  const startOne = (): void => {
    const first = queue[next];
    if (first === undefined || isSliceOver()) return;
    const isLate = isOldestOver(maximumWaitMilliseconds);
    next += 1;
    if (next > maximumInFlight || next === queue.length) {
      queue = queue.slice(next);
      next = 0;
    }
    if (!isLate) return start(first.waiting);
    noteRefusal();
    first.waiting.refuse();
  };

  const start = (waiting: Waiting): void => {
    taken += 1;
    waiting.start();
  };

  return {
    isFree,
    enter(waiting) {
      if (!isFree()) return waiting.refuse();
      if (next === queue.length && !isSliceOver()) return start(waiting);
      queue.push({ since: elapsed(), waiting });
    },
    leave() {
      taken -= 1;
    },
  };
}

/** Of work in each turn. Shorter ones would cost more turns, longer ones keep new connections waiting. */
const sliceMilliseconds = 2;
const maximumEachTurn = 64;

/** These are done in a moment: if they are late, the machine stood still, and that is over. */
const fewWaiting = 50;

/** While somebody has waited for so long, whoever comes is sent away. */
const busyAfterMilliseconds = 100;
/** Whoever has waited for longer is sent away too: many may have come at once, before the first was late. */
const maximumWaitMilliseconds = 500;

/** Without a refusal for so long, it was over. */
const quietMilliseconds = 10_000;
