/**
 * How a node of the lock table is held, as bits: itself, or by intention, because something below it is
 * (Gray et al., "Granularity of Locks and Degrees of Consistency in a Shared Data Base", 1976).
 */

/** Something below the node is read. */
export const READ_BELOW = 1;
/** Something below is written. */
export const WRITE_BELOW = 2;
/** The node, and all below it, is read. */
export const READ = 4;
/** The node, and all below it, is written. */
export const WRITE = 8;

/** The mode in which the nodes above a locked one are held. */
export function intentionOf(mode: number): number {
  return mode === READ ? READ_BELOW : WRITE_BELOW;
}

/** Writing a node includes all else there; reading it, or writing below it, includes reading below it. */
export function strongest(mode: number): number {
  if (mode & WRITE) return WRITE;
  return mode & (READ | WRITE_BELOW) ? mode & ~READ_BELOW : mode;
}

/** Whether two holders of one node stand in each other's way. */
export function conflicts(a: number, b: number): boolean {
  if (a & WRITE || b & WRITE) return true;
  return (a & READ && b & WRITE_BELOW) !== 0 || (b & READ && a & WRITE_BELOW) !== 0;
}
