/** Every call of a turn has one result: what goes back is never half a batch (G1). */
import { TuttiError } from "../core/errors.ts";

/**
 * Checks that there are as many results as calls.
 *
 * @throws TuttiError `invalid-message`
 */
export function mustAnswerAll(calls: readonly unknown[], results: readonly unknown[]): void {
  if (calls.length === results.length) return;
  throw new TuttiError(
    "invalid-message",
    `the turn made ${calls.length} calls, but there are ${results.length} results`,
  );
}
