/** How often something that takes time is done while what it is made of goes on changing. */

/** When to do it. */
export interface PaceOptions {
  /** So long after the last change. */
  readonly quietMs: number;
  /** While changes do not stop, at least this often; more rarely where it takes long. */
  readonly atLeastEachMs: number;
}

/** By how much the pauses are longer than what is done between them. */
const REST = 3;

/** Makes a function that is told of each change, and does `work` now and then. */
export function paced(work: () => void, { quietMs, atLeastEachMs }: PaceOptions): () => void {
  let timer: number | undefined;
  let doneAt = -Infinity;
  let tookMs = 0;
  const run = () => {
    clearTimeout(timer);
    timer = undefined;
    const before = performance.now();
    doneAt = before;
    work();
    // What follows of it is done by the next frame.
    requestAnimationFrame(() => setTimeout(() => (tookMs = performance.now() - before)));
  };
  return () => {
    clearTimeout(timer);
    if (performance.now() - doneAt > Math.max(atLeastEachMs, REST * tookMs)) run();
    else timer = window.setTimeout(run, quietMs);
  };
}
