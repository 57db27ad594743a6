/** What spans say of what calls waited for. */
import type { Redactor } from "../trace/redactor.ts";
import { LEAST_WAIT_MS, explainWait, sentenceOf, waitsOfCall } from "../trace/explain.ts";
import type { TracedCall, TracedWait } from "../trace/trace.ts";

/** What a wait is told with. */
export interface WaitOptions {
  /** Who waited. */
  readonly traced: TracedCall;
  readonly calls: ReadonlyMap<string, TracedCall>;
  readonly redactor: Redactor | undefined;
}

/** What a wait was for, in words: `the lock on customer/1, held by call 2 (update)`. */
export function tellWait(wait: TracedWait, { traced, calls, redactor }: WaitOptions): string {
  const told =
    redactor === undefined ? wait : redactor.wait(wait, { call: traced.key, tool: traced.call.name });
  return sentenceOf(explainWait(told, { calls, of: traced }));
}

/** What a call waited for, how long, and what that was, as attributes. */
export function waitAttributes(options: WaitOptions): Record<string, number | string[]> {
  const { traced } = options;
  const attributes: Record<string, number> = {};
  const sentences: string[] = [];
  let waitedMs = 0;
  for (const { wait, fromMs, toMs } of waitsOfCall(traced)) {
    const ms = (toMs ?? traced.settledMs ?? fromMs) - fromMs;
    const name = `tutti.wait.${wait.for}_ms`;
    waitedMs += ms;
    if (ms < LEAST_WAIT_MS && wait.for === "unknown") continue;
    attributes[name] = (attributes[name] ?? 0) + ms;
    if (ms >= LEAST_WAIT_MS) sentences.push(`${Math.round(ms)} ms for ${tellWait(wait, options)}`);
  }
  return { "tutti.waited_ms": waitedMs, ...attributes, "tutti.waited_for": sentences };
}
