/**
 * What a tool's calls usually take: percentiles of the last 256, for hedging.
 *
 * Counts in logarithmic buckets (the mapping of DDSketch, Masson et al., VLDB 2019), over a ring of the latest samples: a
 * sample that is pushed out of the ring leaves its bucket. A record costs a logarithm and two counts, a percentile a walk
 * from the slowest bucket down, which is short for those that hedging asks for.
 *
 * 1. A percentile is that of the last 256 samples by nearest rank, within 2.5 %, for samples of 0.1 ms to an hour.
 * 2. Drift is followed: nothing older than 256 samples counts. A tool that became slow shows in its 95th after 13 samples.
 */

const REMEMBERED = 256;
/** Of a percentile from so few, nothing can be said. */
const FEWEST = 20;

const ERROR = 0.025;
const GAMMA = (1 + ERROR) / (1 - ERROR);
const LOG_GAMMA = Math.log(GAMMA);
const SHORTEST_MS = 0.1;
const LONGEST_MS = 3_600_000;
const BUCKETS = bucketOf(LONGEST_MS) + 1;

/** The latencies of one tool. */
export class Latencies {
  readonly #counts = new Uint16Array(BUCKETS);
  /** The buckets of the latest samples. */
  readonly #ring = new Uint16Array(REMEMBERED);
  #size = 0;
  #next = 0;
  /** No sample is in a bucket above. */
  #highest = 0;

  /** Remembers how long a call took. */
  record(ms: number): void {
    const bucket = bucketOf(ms);
    if (this.#size === REMEMBERED) this.#add(this.#ring[this.#next] as number, -1);
    else this.#size++;
    this.#ring[this.#next] = bucket;
    this.#add(bucket, 1);
    this.#next = (this.#next + 1) % REMEMBERED;
    if (bucket > this.#highest) this.#highest = bucket;
  }

  /**
   * The milliseconds within which a share `p` of the calls ended, 0 < p < 1.
   *
   * Undefined until there are samples enough for one to lie beyond it, and 20 at least: 20 for the median and the 95th, 100
   * for the 99th. For more than the 99.6th there never are.
   */
  percentile(p: number): number | undefined {
    const size = this.#size;
    // Rounded up but for what rounding has added: 0.95 is one of 20.
    if (size < FEWEST || size * (1 - p) < 1 - 1e-9) return undefined;
    let beyond = size - Math.ceil(size * p - 1e-9);
    let bucket = this.#highest;
    while (bucket > 0 && this.#count(bucket) === 0) bucket--;
    this.#highest = bucket;
    for (beyond -= this.#count(bucket); beyond >= 0 && bucket > 0; beyond -= this.#count(bucket)) bucket--;
    return middleOf(bucket);
  }

  #count(bucket: number): number {
    return this.#counts[bucket] as number;
  }

  #add(bucket: number, n: 1 | -1): void {
    this.#counts[bucket] = this.#count(bucket) + n;
  }
}

/** Bucket i holds what is above `GAMMA ** (i - 1)` and up to `GAMMA ** i` times the shortest; the first, all below too. */
function bucketOf(ms: number): number {
  if (!(ms > SHORTEST_MS)) return 0;
  return Math.ceil(Math.log(Math.min(ms, LONGEST_MS) / SHORTEST_MS) / LOG_GAMMA);
}

/** The value from which both ends of a bucket are as far, relatively. */
function middleOf(bucket: number): number {
  return bucket === 0 ? SHORTEST_MS : (SHORTEST_MS * 2 * GAMMA ** bucket) / (GAMMA + 1);
}
