/**
 * How a node of the lock table is held, as bits: itself, or by intention, because something below it is
 * (Gray et al., "Granularity of Locks and Degrees of Consistency in a Shared Data Base", 1976). Writes that commute are a
 * mode of their own: they stand in the way of all others, not of each other.
 */

/** Something below the node is read. */
export const READ_BELOW = 1;
/** Something below is written. */
export const WRITE_BELOW = 2;
/** Something below is written by writes that commute. */
export const COMMUTE_BELOW = 4;
/** The node, and all below it, is read. */
export const READ = 8;
/** The node, and all below it, is written. */
export const WRITE = 16;
/** The node, and all below it, is written by writes that commute. */
export const COMMUTE = 32;

/** All modes that write. */
export const WRITING = WRITE | WRITE_BELOW | COMMUTE | COMMUTE_BELOW;

/** For each single mode those that it cannot be held together with. */
const APART: ReadonlyMap<number, number> = new Map([
  [READ_BELOW, WRITE | COMMUTE],
  [WRITE_BELOW, READ | WRITE | COMMUTE],
  [COMMUTE_BELOW, READ | WRITE],
  [READ, WRITE_BELOW | COMMUTE_BELOW | WRITE | COMMUTE],
  [WRITE, READ_BELOW | WRITE_BELOW | COMMUTE_BELOW | READ | WRITE | COMMUTE],
  [COMMUTE, READ_BELOW | WRITE_BELOW | READ | WRITE],
]);

/** For every union of modes the modes that conflict with it. */
const CONFLICTING: readonly number[] = Array.from({ length: 64 }, (_, mode) => {
  let apart = 0;
  for (const [single, others] of APART) if (mode & single) apart |= others;
  return apart;
});

/** The modes that cannot be held beside this one. */
export function conflicting(mode: number): number {
  return CONFLICTING[mode] as number;
}

/** Whether two holders of one node stand in each other's way. */
export function conflicts(a: number, b: number): boolean {
  return (conflicting(a) & b) !== 0;
}

/** The mode in which the nodes above a locked one are held. */
export function intentionOf(mode: number): number {
  if (mode === READ) return READ_BELOW;
  return mode === WRITE ? WRITE_BELOW : COMMUTE_BELOW;
}

/** The same without what the rest includes: whoever writes a node reads it too. */
export function strongest(mode: number): number {
  if (mode & WRITE) return WRITE;
  const reads = mode & (READ | WRITE_BELOW) ? mode & ~READ_BELOW : mode;
  return reads & (COMMUTE | WRITE_BELOW) ? reads & ~COMMUTE_BELOW : reads;
}
