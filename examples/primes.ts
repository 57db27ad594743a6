/** The module of an isolated tool: its `execute` runs in a thread. */
import type { ThreadContext } from "tutti";

export function execute({ below }: { below: number }, { progress }: ThreadContext): number {
  let count = 0;
  for (let n = 2; n < below; n++) {
    if (isPrime(n)) count++;
    if (n % 1_000_000 === 0) progress({ at: n });
  }
  return count;
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
}
