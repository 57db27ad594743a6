/**
 * Calls of one tool that waited at the same moment and go to the back-end as one: each has an attempt of its own, which ends
 * with its item of what the tool returns. They run on one set of slots.
 */
import type { Attempt } from "./attempt.ts";
import type { Call } from "./call.ts";
import { resultAt, runGather, type Gather, type GatherContext } from "./gather.ts";
import type { Slot } from "./gate.ts";

/** The calls that run together, as they were when their slots were taken. */
export class Gathering<Item> implements Slot {
  readonly calls: readonly Item[];
  readonly #slots: readonly Slot[];
  #holding: number;

  constructor(calls: readonly Item[], slots: readonly Slot[]) {
    this.calls = calls;
    this.#slots = slots;
    this.#holding = calls.length;
  }

  /** Whether none of its calls runs any more. */
  get over(): boolean {
    return this.#holding === 0;
  }

  /** The slots go back when no call runs on them any more. */
  give(): void {
    if (--this.#holding === 0) for (const slot of this.#slots) slot.give();
  }
}

type Gathered = Attempt<{ readonly call: Call; readonly input: unknown }>;

/** Runs the tool once for all of the attempts, and ends each with its own result. */
export function runTogether(gather: Gather, attempts: readonly Gathered[]): void {
  const inputs = attempts.map(({ subject }) => subject.input as never);
  const results = runGather(gather, inputs, new SharedContext(attempts));
  for (const [i, attempt] of attempts.entries()) attempt.endWith(results.then((list) => resultAt(list, i)));
}

/** What the tool's function is given beside the inputs; made when it is asked for. */
class SharedContext implements GatherContext {
  readonly #attempts: readonly Gathered[];
  #signal: AbortSignal | undefined;

  constructor(attempts: readonly Gathered[]) {
    this.#attempts = attempts;
  }

  get calls(): readonly Call[] {
    return this.#attempts.map(({ call }) => call);
  }

  get idempotencyKeys(): readonly string[] {
    return this.#attempts.map((attempt) => attempt.idempotencyKey);
  }

  get signal(): AbortSignal {
    return (this.#signal ??= whenAllAborted(this.#attempts.map((attempt) => attempt.signal)));
  }
}

/** Aborts when nobody wants the results any more. */
function whenAllAborted(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  let wanted = 0;
  for (const signal of signals) {
    if (signal.aborted) continue;
    wanted++;
    const stopped = () => {
      if (--wanted === 0) controller.abort(signal.reason);
    };
    signal.addEventListener("abort", stopped, { once: true });
  }
  if (wanted === 0) controller.abort(signals[0]?.reason);
  return controller.signal;
}
