/** Lets nothing hang: whoever does not end is given up on. */

/** What is thrown when something has not ended in time. */
export class StillRunning extends Error {
  constructor(ms: number) {
    super(`still running after ${ms} ms`);
  }
}

/**
 * The promise, unless it takes longer than `ms`.
 *
 * @throws StillRunning
 */
export async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StillRunning(ms)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
