/** Does in a thread what its input says. */
import { AsyncLocalStorage } from "node:async_hooks";
import { threadId } from "node:worker_threads";
import type { ThreadContext } from "../../../src/index.ts";

export interface Act {
  /** Set to 1 by this call when it has begun. */
  readonly begun?: Int32Array;
  /** Computes until somebody sets this to 1. */
  readonly until?: Int32Array;
  /** Counts on, for as long as it computes. */
  readonly counter?: Int32Array;
  readonly progress?: unknown;
  readonly ending?: keyof typeof ENDS | undefined;
  readonly value?: unknown;
}

class Overloaded extends Error {
  override readonly name = "Overloaded";
  readonly status = 529;
  readonly code = "overloaded";
  readonly retryable = true;
  readonly retryAfterMs = 30;
  readonly body = { detail: ["busy"] };
  readonly retry = () => {};
}

const ENDS = {
  loop: (): never => {
    for (;;);
  },
  throwError: () => {
    throw new Overloaded("come back later", { cause: new RangeError("too many", { cause: "people" }) });
  },
  throwValue: () => {
    throw { reason: "a value" };
  },
  throwOddity: () => {
    throw Object.assign(() => {}, { odd: true });
  },
  throwLater: () => {
    setTimeout(() => {
      throw new Error("thrown outside of the call");
    });
    return new Promise(() => setInterval(() => {}, 1000));
  },
  returnFunction: () => () => {},
  reportFunction: (context: ThreadContext) => context.progress({ report: () => {} }),
  exit: () => process.exit(3),
  growArray: () => {
    const array: number[] = [];
    for (let i = 0; ; i++) array.push(i);
  },
  growBuffers: () => {
    const buffers: Uint8Array[] = [];
    for (;;) buffers.push(new Uint8Array(2 ** 20).fill(1));
  },
  growObjects: () => {
    const objects: object[][] = [];
    for (;;) objects.push(Array.from({ length: 1000 }, (_, i) => ({ i })));
  },
  nameThread: () => threadId,
  describeContext: (context: ThreadContext) => ({
    keys: Object.keys(context).sort(),
    call: context.call,
    idempotencyKey: context.idempotencyKey,
    ...(context.traceparent !== undefined && { traceparent: context.traceparent }),
    store: new AsyncLocalStorage().getStore(),
  }),
};

export function execute(act: Act, context: ThreadContext): unknown {
  if (act.begun !== undefined) Atomics.store(act.begun, 0, 1);
  if (act.progress !== undefined) context.progress(act.progress);
  while (act.until !== undefined && Atomics.load(act.until, 0) === 0) {
    if (act.counter !== undefined) Atomics.add(act.counter, 0, 1);
  }
  return act.ending === undefined ? act.value : ENDS[act.ending](context);
}
