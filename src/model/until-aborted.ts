/** Iterates until a signal aborts, whether or not what is iterated heeds it. */
import { onAbort } from "../core/cancel.ts";

/**
 * The items of `source`, for as long as the signal has not aborted.
 *
 * @throws Cancellation as soon as it has
 */
export async function* untilAborted<Item>(
  source: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  let detach = () => {};
  const aborted = new Promise<never>((_, reject) => (detach = onAbort(signal, reject)));
  aborted.catch(() => {});
  const items = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([aborted, items.next()]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    detach();
    // Not awaited: a source that hangs would hang here too.
    items.return?.().catch(() => {});
  }
}
