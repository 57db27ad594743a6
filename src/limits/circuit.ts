/**
 * A circuit: where nothing comes back from a back-end any more, calls fail at once instead of one timeout each, and one
 * call at a time looks whether it is well again (Michael Nygard, "Release It!"; the states after cockatiel's).
 *
 * 1. It opens when attempts have failed because of the back-end, at least `failures` in a row, and for at least `forMs`.
 * 2. While it is open nothing starts; when that time is over, one attempt does, the probe: never two at once.
 * 3. A success closes it, whenever its attempt started: the back-end has answered. The probe's failure opens it for twice
 *    as long as before. A probe that was cancelled says nothing: the next attempt is the probe.
 * 4. A failure of an attempt that started before it last closed or opened is of the past and changes nothing.
 */
import type { ResolvedCircuit } from "./circuit-options.ts";

/** An attempt as the circuit knows it; to be handed to `ended`. */
export interface CircuitTicket {
  readonly startedAt: number;
  /** What the circuit was when the attempt started. */
  readonly era: number;
}

/**
 * How an attempt ended. `ok`: the back-end has answered, be it with an ordinary error. `failed`: because of the back-end,
 * such as by a refused connection, a 5xx or a timeout. `unknown`: cancelled, or turned away for its rate.
 */
export type CircuitResult = "ok" | "failed" | "unknown";

/** A circuit's state. An era is the time from one change of kind to the next, except that a probe has one of its own. */
export type CircuitState =
  | { readonly kind: "closed"; readonly era: number; readonly failures: number; readonly sinceMs: number }
  | { readonly kind: "open"; readonly era: number; readonly untilMs: number; readonly openMs: number }
  | { readonly kind: "half-open"; readonly era: number; readonly openMs: number };

/** What happens to a circuit. */
export type CircuitEvent =
  | { readonly kind: "started"; readonly now: number }
  | {
      readonly kind: "ended";
      readonly now: number;
      readonly ticket: CircuitTicket;
      readonly result: CircuitResult;
      readonly retryAfterMs?: number | undefined;
    };

/** Why nothing may start. */
export interface CircuitRefusal {
  /** When the next probe may start; undefined while one is running, as its end decides. */
  readonly untilMs: number | undefined;
}

/** The circuit of one pool. */
export class Circuit {
  readonly #options: ResolvedCircuit;
  #state: CircuitState = closed(0, -Infinity);

  constructor(options: ResolvedCircuit) {
    this.#options = options;
  }

  /** For the trace. */
  get state(): CircuitState {
    return this.#state;
  }

  /** Whether an attempt may not start now. It changes nothing. */
  refuses(now: number): CircuitRefusal | undefined {
    const state = this.#state;
    switch (state.kind) {
      case "closed":
        return undefined;
      case "open":
        return now < state.untilMs ? { untilMs: state.untilMs } : undefined;
      case "half-open":
        return { untilMs: undefined };
    }
  }

  /** An attempt starts. Only when nothing refuses it; the first one after the open time is the probe. */
  started(now: number): CircuitTicket {
    // Should one start all the same, it must not be taken for the probe.
    if (this.refuses(now) !== undefined) return { startedAt: now, era: -1 };
    this.#state = nextState(this.#state, { kind: "started", now }, this.#options);
    return { startedAt: now, era: this.#state.era };
  }

  /** An attempt has ended. To be said of each that started, or a lost probe leaves the circuit shut. */
  ended(event: Omit<CircuitEvent & { readonly kind: "ended" }, "kind">): void {
    this.#state = nextState(this.#state, { kind: "ended", ...event }, this.#options);
  }
}

/** The one transition function. */
export function nextState(state: CircuitState, event: CircuitEvent, options: ResolvedCircuit): CircuitState {
  if (event.kind === "started") {
    const probes = state.kind === "open" && event.now >= state.untilMs;
    return probes ? { kind: "half-open", era: state.era + 1, openMs: state.openMs } : state;
  }
  if (event.result === "ok") return answered(state, event.now);
  if (event.ticket.era !== state.era) return state;
  switch (state.kind) {
    case "closed":
      return event.result === "failed" ? failed(state, event, options) : state;
    case "open":
      return state;
    case "half-open": {
      const { era, openMs } = state;
      // After a cancelled probe the time is over still.
      if (event.result === "unknown") return { kind: "open", era: era + 1, openMs, untilMs: event.now };
      return opened(state, event, { ...options, openMs: Math.min(openMs * 2, options.maxOpenMs) });
    }
  }
}

type Ended = CircuitEvent & { readonly kind: "ended" };
type Closed = CircuitState & { readonly kind: "closed" };

function answered(state: CircuitState, now: number): CircuitState {
  return closed(state.kind === "closed" ? state.era : state.era + 1, now);
}

function closed(era: number, now: number): Closed {
  return { kind: "closed", era, failures: 0, sinceMs: now };
}

function failed(state: Closed, event: Ended, options: ResolvedCircuit): CircuitState {
  const failures = state.failures + 1;
  // From the start of the first attempt of the row: ten timeouts of a minute each are a minute of silence already.
  const sinceMs = state.failures === 0 ? Math.max(state.sinceMs, event.ticket.startedAt) : state.sinceMs;
  if (failures >= options.failures && event.now - sinceMs >= options.forMs)
    return opened(state, event, options);
  return { ...state, failures, sinceMs };
}

/** Never longer than `maxOpenMs`, whatever the back-end asked for: one probe does it no harm. */
function opened({ era }: CircuitState, event: Ended, options: ResolvedCircuit): CircuitState {
  const { openMs, maxOpenMs } = options;
  const forMs = Math.min(Math.max(openMs, event.retryAfterMs ?? 0), maxOpenMs);
  return { kind: "open", era: era + 1, openMs, untilMs: event.now + forMs };
}
