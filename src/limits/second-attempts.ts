/** Retries. */
import type { CreateSecondAttempts } from "../core/second-attempts.ts";
/** Makes. */
export function createSecondAttempts(_options: unknown): CreateSecondAttempts {
  return () => undefined;
}
