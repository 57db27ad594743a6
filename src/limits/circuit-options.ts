/** The options of a circuit, and their defaults. */
import { knownKeys, nonNegativeMs, positiveInteger, positiveMs } from "../core/options.ts";
import { refuse } from "./refuse.ts";

/** When a pool's circuit opens, and for how long. */
export interface CircuitOptions {
  /**
   * Attempts in a row that failed because of the back-end. Minimum: 1.
   *
   * @default 10
   */
  readonly failures?: number | undefined;
  /**
   * Milliseconds for which nothing must have succeeded, so that a restart of a second or two, met by a whole batch, does
   * not open it.
   *
   * @default 5000
   */
  readonly forMs?: number | undefined;
  /**
   * Milliseconds until the first probe; they double with each probe that fails.
   *
   * @default 10000
   */
  readonly openMs?: number | undefined;
  /**
   * The longest time until a probe, whatever the back-end asked for.
   *
   * @default 60000, or `openMs` where that is longer
   */
  readonly maxOpenMs?: number | undefined;
}

/** The options with their defaults. */
export type ResolvedCircuit = ReturnType<typeof resolveCircuitOptions>;

const KEYS = ["failures", "forMs", "openMs", "maxOpenMs"];

/**
 * Checks the options, called `name` in messages, and fills in the defaults; `true` takes them all.
 *
 * @throws TypeError that names the option and what came
 */
export function resolveCircuitOptions(name: string, options: CircuitOptions | true) {
  const given = options === true ? {} : options;
  knownKeys(name, given, KEYS);
  const openMs = finite(`${name}.openMs`, given.openMs ?? 10_000);
  const maxOpenMs = finite(`${name}.maxOpenMs`, given.maxOpenMs ?? Math.max(60_000, openMs));
  if (maxOpenMs < openMs)
    refuse(`\`${name}.maxOpenMs\` must be at least \`openMs\`, which is ${openMs}`, maxOpenMs);
  const failures = positiveInteger(`${name}.failures`, given.failures ?? 10);
  const forMs = nonNegativeMs(`${name}.forMs`, given.forMs ?? 5_000);
  return { failures, forMs, openMs, maxOpenMs };
}

function finite(name: string, value: unknown): number {
  const ms = positiveMs(name, value);
  // A circuit that never closes again is a pool that nobody can use.
  if (ms === Infinity) refuse(`\`${name}\` must be finite`, value);
  return ms;
}
