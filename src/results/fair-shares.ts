/**
 * Max-min fair shares of a total: nobody gets more than it wants, and nobody could get more without taking from one that has
 * no more than it (https://en.wikipedia.org/wiki/Max-min_fairness). Small wants are met whole, large ones share what is left.
 */

/**
 * The share of each, in their order. Shares are whole numbers; where the total does not divide, the later ones of those that
 * are cut get one more.
 *
 * @param wanted what each would take, whole numbers
 */
export function fairShares(wanted: readonly number[], total: number): number[] {
  const shares = wanted.map(() => 0);
  const order = wanted.map((want, i) => ({ want, i })).sort((a, b) => a.want - b.want || a.i - b.i);
  let left = total;
  for (const [served, { want, i }] of order.entries()) {
    const share = Math.min(want, Math.floor(left / (order.length - served)));
    shares[i] = share;
    left -= share;
  }
  return shares;
}
