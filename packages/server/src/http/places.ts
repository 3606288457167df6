export interface PlacesOptions {
  /** Requests that were read and wait for their answer; the next one is sent away at once. 1,000 unless given. */
  readonly maximumInFlight?: number;
  /**
   * How long one turn of the event loop takes requests; what is ready beyond that is sent away until the next. Their
   * answers come only after the turn, so this bounds how late they are. 100 unless given.
   */
  readonly maximumTurnMilliseconds?: number;
  /** Milliseconds since whenever, which no clock can set back. */
  elapsed?(): number;
  /** Told when that begins, and again only after ten seconds without it: for the log. */
  onBusy?(): void;
}

/** Room for requests, so that whoever is taken is answered soon. */
export interface Places {
  /** Also notes when there is none. */
  isFree(): boolean;
  take(): void;
  leave(this: void): void;
}

/**
 * Two limits. Requests in flight, for what waits in this process: for the disk, for a hash. And the turn, for what waits
 * in the system, where nobody sees it: with thousands of connections one turn finds thousands of requests ready, and
 * all of them would be answered late, the next thousands later.
 */
export function createPlaces(options: PlacesOptions): Places {
  const { maximumInFlight = 1_000, maximumTurnMilliseconds = 100, onBusy } = options;
  const elapsed = options.elapsed ?? (() => performance.now());
  let taken = 0;
  let turn: Turn | undefined;
  let refusedAt = Number.NEGATIVE_INFINITY;

  /** The turn that a request belongs to: it begins with its first, and ends when all that was ready is read. */
  const findTurn = (): Turn => {
    if (turn !== undefined) return turn;
    setImmediate(() => {
      turn = undefined;
    });
    turn = { endsAt: elapsed() + maximumTurnMilliseconds, taken: 0 };
    return turn;
  };

  const noteRefusal = (): void => {
    const now = elapsed();
    if (now - refusedAt > quietMilliseconds) onBusy?.();
    refusedAt = now;
  };

  return {
    isFree() {
      const { endsAt, taken: takenNow } = findTurn();
      const isFree = taken < maximumInFlight && (takenNow < alwaysTaken || elapsed() < endsAt);
      if (!isFree) noteRefusal();
      return isFree;
    },
    take() {
      taken += 1;
      findTurn().taken += 1;
    },
    leave() {
      taken -= 1;
    },
  };
}

interface Turn {
  readonly endsAt: number;
  taken: number;
}

/** Of each turn: a machine that stood still for a moment is no server with too much to do. */
const alwaysTaken = 50;

/** Without a refusal for so long, it was over. */
const quietMilliseconds = 10_000;
