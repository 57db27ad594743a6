/** What every benchmark gives: figures, each as a ratio to something measured in the same run. */

/** One figure. */
export interface Row {
  readonly benchmark: string;
  /** What was measured. */
  readonly subject: string;
  /** Calls in a batch, or whatever the benchmark counts. */
  readonly n: number;
  readonly value: number;
  readonly unit: string;
  /** The subject that `ratio` compares with, or the name of an aim. */
  readonly ratioTo: string;
  readonly ratio: number;
}

/** A benchmark, run alone by `--only name`. */
export interface Benchmark {
  readonly name: string;
  /** One line on what it shows. */
  readonly about: string;
  run(): Promise<Row[]>;
}
