/** A batch's budget is shared max-min fair (contract §8; field-note case H66). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fairShares } from "../../src/results/fair-shares.ts";

const wanted = fc.array(fc.nat(100_000), { maxLength: 130 });
const total = fc.nat(200_000);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

test("H66: small results give their unused share to large ones, and one that is huge starves none", () => {
  assert.deepEqual(fairShares([1_000_000, 50, 100], 1_000), [850, 50, 100]);
  assert.deepEqual(fairShares([1_000_000, 400, 400], 900), [300, 300, 300]);
  assert.deepEqual(fairShares([10, 20, 30], 1_000), [10, 20, 30]);
  assert.deepEqual(fairShares([], 10), []);
  assert.deepEqual(fairShares([5, 5], Infinity), [5, 5]);
});

test("nobody gets more than it wants, all together no more than there is, and nothing is left while somebody wants", () => {
  fc.assert(
    fc.property(wanted, total, (wants, all) => {
      const shares = fairShares(wants, all);
      assert.ok(
        shares.every((share, i) => share >= 0 && Number.isInteger(share) && share <= (wants[i] ?? 0)),
      );
      assert.equal(sum(shares), Math.min(all, sum(wants)));
    }),
  );
});

test("max-min: whoever gets less than it wants could get more only from one that gets no more than it", () => {
  fc.assert(
    fc.property(wanted, total, (wants, all) => {
      const shares = fairShares(wants, all);
      const largest = Math.max(0, ...shares);
      for (const [i, share] of shares.entries()) {
        // A whole token cannot be split: shares of those that are cut differ by one at most.
        if (share < (wants[i] ?? 0)) assert.ok(share >= largest - 1, `${share} beside ${largest}`);
      }
    }),
  );
});

test("G8: the same wants give the same shares, and equal wants in another order shares that differ by one at most", () => {
  fc.assert(
    fc.property(wanted, total, (wants, all) => {
      assert.deepEqual(fairShares(wants, all), fairShares([...wants], all));
      const reversed = fairShares(wants.toReversed(), all).toReversed();
      for (const [i, share] of fairShares(wants, all).entries())
        assert.ok(Math.abs(share - (reversed[i] ?? 0)) <= 1);
    }),
  );
});
