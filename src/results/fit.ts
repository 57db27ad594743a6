/** The most of something that fits a budget. */
import type { ResultPart } from "../core/result.ts";
import type { TokenMeter } from "./tokens.ts";

/** Something that can be shown in part. */
export interface Showable {
  /** How much of it there is. */
  readonly size: number;
  /** The parts that show this much of it, or a little less, with all that is said about the rest. */
  show(amount: number): readonly ResultPart[];
}

/** What may be shown, and how it is counted. */
export interface Budget {
  readonly tokens: number;
  readonly meter: TokenMeter;
}

/** A token is about this many characters: where the search begins. */
const FIRST_GUESS = 3;
/** The search ends when what it might still win is less than this part of what it has. */
const PRECISION = 128;

/** The parts that show as much as fits; undefined where not even nothing of it, with what is said about it, does. */
export function fit(showable: Showable, { tokens, meter }: Budget): readonly ResultPart[] | undefined {
  const { size } = showable;
  const tried = (amount: number): readonly ResultPart[] | undefined => {
    const parts = showable.show(amount);
    return meter.upTo(parts, tokens) <= tokens ? parts : undefined;
  };
  const whole = tried(size);
  if (whole !== undefined) return whole;
  let best = tried(0);
  if (best === undefined) return undefined;
  let low = 0;
  let high = size;
  for (let next = tokens * FIRST_GUESS; high - low > 1 + low / PRECISION;) {
    const amount = next > low && next < high ? next : Math.floor((low + high) / 2);
    const parts = tried(amount);
    if (parts === undefined) high = amount;
    else {
      best = parts;
      low = amount;
    }
    // Twice as much until it does not fit, then halfway between.
    next = high === size ? low * 2 : 0;
  }
  return best;
}
