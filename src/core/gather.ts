/** Tools that do the work of several calls at once: a list of ids in one request, as DataLoader does it. */
import type { Call } from "./call.ts";

/** What the function of a tool that gathers is given beside the inputs. */
export interface GatherContext {
  /** Aborts when none of the calls is wanted any more. */
  readonly signal: AbortSignal;
  /** The calls, in the order of the inputs. */
  readonly calls: readonly Call[];
  /** One for each call; see `ToolContext`. */
  readonly idempotencyKeys: readonly string[];
}

/** Calls of one tool that wait at the same moment go to the back-end as one. */
export interface Gather<Input = never, Output = unknown> {
  /** Calls that go together at most. Minimum: 1. */
  readonly maxSize: number;
  /**
   * Does the work for all of them, and returns one result for each, in order; an `Error` in place of a result fails that
   * call alone. What it throws fails them all.
   */
  execute(
    inputs: readonly Input[],
    context: GatherContext,
  ): readonly (Output | Error)[] | Promise<readonly (Output | Error)[]>;
}

/**
 * Runs a tool's function for several inputs.
 *
 * @throws whatever the function throws, or a TypeError that says what it returned instead of one result for each
 */
export async function runGather<Input, Output>(
  gather: Gather<Input, Output>,
  inputs: readonly Input[],
  context: GatherContext,
): Promise<readonly (Output | Error)[]> {
  const results: unknown = await gather.execute(inputs, context);
  if (Array.isArray(results) && results.length === inputs.length) return results as (Output | Error)[];
  const came = Array.isArray(results) ? `${results.length} results` : "no array";
  throw new TypeError(`\`gather.execute\` was given ${inputs.length} inputs, and returned ${came}`);
}

/** What one call gets of the results: its own. */
export function resultAt<Output>(results: readonly (Output | Error)[], at: number): Output {
  const result = results[at];
  if (result instanceof Error) throw result;
  return result as Output;
}

/** The work for one call alone. */
export async function runAlone<Input, Output>(
  gather: Gather<Input, Output>,
  input: Input,
  only: { readonly call: Call; readonly signal: AbortSignal; readonly idempotencyKey: string },
): Promise<Output> {
  const context = { signal: only.signal, calls: [only.call], idempotencyKeys: [only.idempotencyKey] };
  return resultAt(await runGather(gather, [input], context), 0);
}
