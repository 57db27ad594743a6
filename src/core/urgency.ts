/**
 * Which call comes first where there are more than slots: the one with the longest expected path behind it (list scheduling by
 * critical path; Graham, "Bounds on Multiprocessing Timing Anomalies", 1969, bounds what any such list can lose).
 *
 * A path goes from a call to those of its batch that come after it: by name, by tool, or as they touch what it touches. The calls
 * are looked at from the last to the first, so each is looked at once.
 */
import type { ResolvedEffects } from "./effects.ts";
import type { LiveCall } from "./live-call.ts";
import { PathIndex } from "./path-index.ts";

/** Sets the urgency of a batch's calls: the milliseconds that it is expected to take from their start on, at least. */
export function rank(calls: readonly LiveCall[], expectedMs: (live: LiveCall) => number): void {
  if (!calls.some((live) => isSpecial(live, calls[0] as LiveCall))) return;
  const inOrder = calls.every((live, i) => live.order === i)
    ? calls
    : [...calls].sort((a, b) => a.order - b.order);
  const later = new LaterCalls();
  for (let i = inOrder.length - 1; i >= 0; i--) {
    const live = inOrder[i] as LiveCall;
    if (live.settled) continue;
    live.urgency = expectedMs(live) + later.longestBehind(live);
    later.add(live);
  }
}

/** Whether a call may be told apart from the first: where none is, serial order is as good as any. */
function isSpecial({ tool, blockers, behind }: LiveCall, first: LiveCall): boolean {
  return (
    tool !== first.tool || blockers > 0 || behind !== undefined || typeof tool?.expectedMs === "function"
  );
}

/** The longest paths of the calls that were looked at. */
class LaterCalls {
  readonly #reads = new PathIndex(Math.max);
  readonly #writes = new PathIndex(Math.max);
  readonly #commutes = new PathIndex(Math.max);
  /** Of calls that come after all those of a tool. */
  readonly #afterTool = new Map<string, number>();

  longestBehind({ call, effects, behind, wrapper }: LiveCall): number {
    return Math.max(
      this.#conflicting(effects),
      this.#afterTool.get(call.name) ?? 0,
      longest(behind),
      longest(wrapper?.behind),
    );
  }

  add({ urgency, effects: { reads, writes, commutes }, tool }: LiveCall): void {
    for (const path of reads) this.#reads.add(path, urgency);
    for (const path of writes) this.#writes.add(path, urgency);
    for (const path of commutes) this.#commutes.add(path, urgency);
    for (const name of tool?.after ?? [])
      this.#afterTool.set(name, Math.max(urgency, this.#afterTool.get(name) ?? 0));
  }

  #conflicting({ reads, writes, commutes }: ResolvedEffects): number {
    return Math.max(
      this.#reads.overlapping(writes) ?? 0,
      this.#reads.overlapping(commutes) ?? 0,
      this.#writes.overlapping(reads) ?? 0,
      this.#writes.overlapping(writes) ?? 0,
      this.#writes.overlapping(commutes) ?? 0,
      this.#commutes.overlapping(reads) ?? 0,
      this.#commutes.overlapping(writes) ?? 0,
    );
  }
}

function longest(calls: readonly LiveCall[] | undefined): number {
  let most = 0;
  for (const { urgency } of calls ?? []) most = Math.max(most, urgency);
  return most;
}
