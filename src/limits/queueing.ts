/**
 * Whether calls queue up inside a back-end that refuses none of them: seen from how long they take.
 *
 * What some dozen calls took, on geometric average, is compared with what they took where they did not queue (the baseline
 * of TCP Vegas, the gradient of Netflix' concurrency-limits). Slowness has other causes: so it is suspected only if it is
 * more than their spread explains, twice on end; and if calls take as long with fewer of them at once, that is what
 * they take now, and the limit goes back up.
 */

/** A call's end, as it tells of queueing. */
export interface LatencySample {
  /** How long it took. */
  readonly ms: number;
  /** How many ran when it started, itself included. */
  readonly running: number;
}

/** What a measure says. `slots`: how many at once there may be. */
export type QueueingVerdict =
  | { readonly kind: "fine" }
  /** They take longer than they need: to be tried with half as many. */
  | { readonly kind: "suspected" }
  /** With fewer at once they took less: so many are served. */
  | { readonly kind: "queueing"; readonly slots: number }
  /** With fewer at once they took as long; the limit was lowered in vain. */
  | { readonly kind: "innocent"; readonly slots: number };

/** Less than this many times the baseline is no sign. */
const TOLERANCE = Math.log(1.75);
/** Nor is what lies within so many standard errors. */
const ERRORS = 4;
/** Nor what lies within so many times what measures usually differ by, though tenfold is a sign in any case. */
const VARIATIONS = 3;
const VARIATION_FOLLOWS = 0.2;
const MOST_TOLERANCE = Math.log(10);
/** A queue this long, as a share of what is served, costs little time and leaves nobody idle. */
const SLACK = 1.15;
/** For calls to tell queueing from slowness, there must be fewer at least by this. */
const TELLING = 0.55;
/** How fast the baseline follows calls that are faster, and those that run alone: up to so many at once, on average. */
const FOLLOWS = 0.5;
const ALONE = 1.5;
/** So many measures, of few calls each, make the first baseline; while they go on, the limit is far below most knees. */
const EARLY = 4;

interface Measure {
  /** Of the logarithm of milliseconds. */
  readonly mean: number;
  readonly error: number;
  readonly running: number;
}

/** Measures the calls of one tool. */
export class Queueing {
  #baseline: number | undefined;
  #slowBefore = false;
  /** What was measured before the limit was lowered, what the limit was, and what it should be if they queue. */
  #suspected: (Measure & { readonly slots: number; readonly served: number }) | undefined;
  #last: Measure | undefined;
  #variation = 0;
  #measures = 0;
  #count = 0;
  #sum = 0;
  #sumOfSquares = 0;
  #running = 0;

  /** Whether a call was not delayed by others, as far as one can say. */
  prompt(ms: number): boolean {
    return this.#baseline === undefined || Math.log(ms) <= this.#baseline + TOLERANCE;
  }

  /** Forgets the calls of an unfinished measure: the limit has fallen. */
  restart(): void {
    this.#count = this.#sum = this.#sumOfSquares = this.#running = 0;
  }

  /** Nothing is suspected any more: the limit has fallen for another reason, and must not go back up. */
  acquit(): void {
    this.#suspected = undefined;
  }

  /** Takes a call that started since the last fall; at the end of a measure it says what that tells. */
  record({ ms, running }: LatencySample, slots: number): QueueingVerdict | undefined {
    const log = Math.log(Math.max(ms, 0.01));
    this.#count++;
    this.#sum += log;
    this.#sumOfSquares += log * log;
    this.#running += running;
    if (this.#count < this.#sizeFor(slots)) return undefined;
    const measure = this.#measure();
    this.restart();
    return this.#judge(measure, slots);
  }

  /** The first measures are small, or there would be no baseline before the limit is beyond the knee. */
  #sizeFor(slots: number): number {
    if (this.#measures < EARLY) return 2 << this.#measures;
    return Math.min(64, Math.max(32, 2 * slots));
  }

  #measure(): Measure {
    const n = this.#count;
    const mean = this.#sum / n;
    const variance = Math.max(0, this.#sumOfSquares / n - mean * mean);
    this.#measures++;
    return { mean, error: Math.sqrt(variance / (n - 1)), running: this.#running / n };
  }

  #follow({ mean, running }: Measure, baseline: number): void {
    let share = mean < baseline || running <= ALONE ? FOLLOWS : 0;
    // Each of the early measures is twice as long as the one before: by its share of all calls so far.
    if (this.#measures < EARLY && mean <= baseline + TOLERANCE) share = 1 / (2 - 2 ** (1 - this.#measures));
    this.#baseline = baseline + (mean - baseline) * share;
  }

  /** How far apart measures lie for other reasons than how many ran: calls of one tool are not all of one kind. */
  #varies(measure: Measure): number {
    const last = this.#last ?? measure;
    const explained = Math.abs(Math.log(measure.running / last.running));
    const unexplained = Math.max(0, Math.abs(measure.mean - last.mean) - explained);
    this.#variation += (unexplained - this.#variation) * VARIATION_FOLLOWS;
    this.#last = measure;
    return Math.min(MOST_TOLERANCE, VARIATIONS * this.#variation);
  }

  #judge(measure: Measure, slots: number): QueueingVerdict {
    const { mean, error, running } = measure;
    const suspected = this.#suspected;
    if (suspected !== undefined && running <= suspected.running * TELLING) {
      this.#suspected = undefined;
      // Half way between what queueing would give and what it would be otherwise.
      if (mean > suspected.mean + Math.log(running / suspected.running) / 2) {
        this.#baseline = mean;
        this.#slowBefore = false;
        return { kind: "innocent", slots: suspected.slots };
      }
      this.#follow(measure, this.#baseline ?? mean);
      return { kind: "queueing", slots: suspected.served };
    }
    const baseline = (this.#baseline ??= mean);
    this.#follow(measure, baseline);
    const tolerance = Math.max(TOLERANCE, ERRORS * error, this.#varies(measure));
    const slow = running > ALONE && mean > baseline + tolerance;
    const again = slow && this.#slowBefore;
    this.#slowBefore = slow && !again;
    if (!again) return { kind: "fine" };
    this.#suspected ??= {
      ...measure,
      slots,
      served: Math.round(running * SLACK * Math.exp(baseline - mean)),
    };
    return { kind: "suspected" };
  }
}
