/** Puts what overlaps side by side, in as few lanes as there must be. */

/** Something that takes time. */
export interface Spanning {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The lane of each item, from 0: no two of one lane overlap. Each takes the first lane that is free. */
export function lanesOf<Item extends Spanning>(items: readonly Item[]): Map<Item, number> {
  const lanes = new Map<Item, number>();
  const ends: number[] = [];
  for (const item of items.toSorted((a, b) => a.fromMs - b.fromMs || b.toMs - a.toMs)) {
    const free = ends.findIndex((end) => end <= item.fromMs);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = item.toMs;
    lanes.set(item, lane);
  }
  return lanes;
}
