/** What a thrown error says. */
export interface Trouble {
  readonly retryable: boolean;
  readonly nothingHappened: boolean;
  readonly overloaded: boolean;
  readonly outage: boolean;
  readonly retryAfterMs: number | undefined;
}
/** Reads it. */
export function readTrouble(_thrown: unknown): Trouble {
  return {
    retryable: false,
    nothingHappened: false,
    overloaded: false,
    outage: false,
    retryAfterMs: undefined,
  };
}
