/**
 * Whether calls queue up inside a back-end that refuses none of them: seen from how long they take.
 *
 * Medians of some dozen calls, so that stragglers do not count, are compared with what calls took where they did not queue
 * (the baseline of TCP Vegas, the gradient of Netflix' concurrency-limits). Slowness has other causes than queueing, so
 * that the first is only suspected: if calls take as long with fewer of them at once, that is what they take now.
 */

/** A call's end, as it tells of queueing. */
export interface LatencySample {
  /** How long it took; `Infinity` for one that ran into its timeout. */
  readonly ms: number;
  /** How many ran when it started, itself included. */
  readonly running: number;
}

/** What a measure says. `slots`: how many at once there should be. */
export type QueueingVerdict =
  | { readonly kind: "fine" }
  /** They take longer than they need, as if so many times more of them ran than are served. */
  | { readonly kind: "queueing"; readonly times: number }
  /** So many ran into their timeout that it is the back-end. */
  | { readonly kind: "timing-out" }
  /** They are slow for a reason of their own; the limit was lowered in vain. */
  | { readonly kind: "innocent"; readonly slots: number };

/** Slower than this many times the baseline is not chance. */
const TOLERANCE = 1.75;
const TIMEOUT_SHARE = 0.2;

interface Measure {
  readonly ms: number;
  readonly running: number;
}

/** Measures the calls of one pool. */
export class Queueing {
  #baseMs: number | undefined;
  /** What was measured before the limit was lowered, and what the limit was. */
  #suspected: (Measure & { readonly slots: number }) | undefined;
  #samples: LatencySample[] = [];
  #timeouts = 0;
  #measures = 0;

  /** Whether a call was not delayed by others, as far as one can say. */
  prompt(ms: number): boolean {
    return this.#baseMs === undefined || ms <= this.#baseMs * TOLERANCE;
  }

  /** Forgets the calls of an unfinished measure: the limit has fallen. */
  restart(): void {
    this.#samples = [];
    this.#timeouts = 0;
  }

  /** Takes a call that started since the last fall; at the end of a measure it says what that tells. */
  record(sample: LatencySample, slots: number): QueueingVerdict | undefined {
    this.#samples.push(sample);
    if (sample.ms === Infinity) this.#timeouts++;
    const size = this.#sizeFor(slots);
    if (this.#timeouts >= Math.max(3, TIMEOUT_SHARE * size)) {
      this.restart();
      this.#suspected = undefined;
      return { kind: "timing-out" };
    }
    if (this.#samples.length < size) return undefined;
    const measure = middleOf(this.#samples);
    this.restart();
    this.#measures++;
    return this.#judge(measure, slots);
  }

  /** The first measures are small, or there would be no baseline before the limit is beyond the knee. */
  #sizeFor(slots: number): number {
    if (this.#measures < 2) return 4 << this.#measures;
    return Math.min(48, Math.max(16, 2 * slots));
  }

  #judge(measure: Measure, slots: number): QueueingVerdict {
    const { ms, running } = measure;
    const suspected = this.#suspected;
    if (suspected !== undefined && running <= suspected.running * 0.75) {
      this.#suspected = undefined;
      // Half way, by ratio, between what queueing would give and what it would be otherwise.
      if (ms > suspected.ms * Math.sqrt(running / suspected.running)) {
        this.#baseMs = ms;
        return { kind: "innocent", slots: suspected.slots };
      }
    }
    const baseMs = (this.#baseMs ??= ms);
    if (ms < baseMs) this.#baseMs = baseMs + (ms - baseMs) * 0.5;
    if (ms <= baseMs * TOLERANCE) return { kind: "fine" };
    if (running <= slots / 2) {
      // Few ran: there was nothing to queue behind.
      this.#baseMs = baseMs + (ms - baseMs) * 0.5;
      return { kind: "fine" };
    }
    this.#suspected ??= { ...measure, slots };
    return { kind: "queueing", times: ms / baseMs };
  }
}

/** The median time, and the mean of how many ran. */
function middleOf(samples: readonly LatencySample[]): Measure {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const running = samples.reduce((sum, sample) => sum + sample.running, 0) / samples.length;
  return { ms: sorted[(sorted.length - 1) >> 1] as number, running };
}
