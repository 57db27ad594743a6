/**
 * What a run would have taken had no limit been in the way. Each call is put as early as what it had to wait for lets it: the
 * model, the user, and the calls that a lock, an order or a reference put before it. What the trace does not tell of is
 * taken to be free, so that the bound may be too low, but not too high.
 *
 * 1. The bound of a scope is never above its wall time.
 */
import { conversationsOf, endOfTurn } from "./conversations.ts";
import type { TraceScope } from "./scope.ts";
import type { TracedCall, TracedTurn, Stretch } from "./trace.ts";

/** The lower bound, in milliseconds. */
export function lowerBoundMs(scope: TraceScope): number {
  const bounds = new Bounds(scope);
  const wallMs = scope.toMs - scope.fromMs;
  const conversations = conversationsOf(scope);
  // Of conversations that overlap, the bound of the longest.
  const longest = conversations.reduce((most, { turns }) => {
    return Math.max(
      most,
      turns.reduce((ms, turn) => ms + bounds.ofTurn(turn), 0),
    );
  }, 0);
  if (conversations.length > 1) return Math.min(wallMs, longest);
  // Of a single one, all but what its turns take beyond their bound: what is between them stays.
  const beyond = scope.turns.reduce(
    (ms, turn) => ms + endOfTurn(turn, scope) - turn.fromMs - bounds.ofTurn(turn),
    0,
  );
  return Math.min(wallMs, Math.max(longest, wallMs - beyond));
}

class Bounds {
  readonly #scope: TraceScope;
  readonly #calls: ReadonlyMap<string, TracedCall>;
  /** When each call would have ended, from its turn's start. */
  readonly #ends = new Map<string, number>();

  constructor(scope: TraceScope) {
    this.#scope = scope;
    this.#calls = new Map(scope.calls.map((call) => [call.key, call]));
  }

  /** How long a turn would have taken. */
  ofTurn(turn: TracedTurn): number {
    let end =
      (turn.modelToMs ?? (turn.turn === undefined ? turn.fromMs : endOfTurn(turn, this.#scope))) -
      turn.fromMs;
    for (const call of this.#scope.callsOf.get(turn.key) ?? []) end = Math.max(end, this.#endOf(call, turn));
    return end;
  }

  /** Calls are looked at in the order in which they came, so that what a call waited for may be later: then it is worked out now. */
  #endOf(call: TracedCall, turn: TracedTurn): number {
    const known = this.#ends.get(call.key);
    if (known !== undefined) return known;
    // Should calls wait for one another in a circle, which no trace of a batch tells, they do not here.
    this.#ends.set(call.key, 0);
    const bound = call.isWrapper
      ? this.#inside(call).reduce(
          (ms, inner) => Math.max(ms, this.#endOf(inner, turn)),
          call.queuedMs - turn.fromMs,
        )
      : this.#startOf(call, turn) + this.#workOf(call);
    // One that was told to stop did not wait for what it had to.
    const end = Math.min(bound, (call.settledMs ?? this.#scope.toMs) - turn.fromMs);
    this.#ends.set(call.key, end);
    return end;
  }

  #startOf({ queuedMs, stretches, key }: TracedCall, turn: TracedTurn): number {
    let start = queuedMs - turn.fromMs;
    for (const stretch of stretches) {
      if (stretch.kind !== "wait") continue;
      const { wait, fromMs, toMs = this.#scope.toMs } = stretch;
      switch (wait.for) {
        case "lock":
        case "call": {
          const other = this.#calls.get(wait.for === "lock" ? wait.heldBy : wait.call);
          if (other !== undefined && other.turn === turn.key && other.key !== key)
            start = Math.max(start, this.#endOf(other, turn));
          break;
        }
        case "close":
          start = Math.max(start, Math.min(toMs, turn.modelToMs ?? toMs) - turn.fromMs);
          break;
        case "validation":
        case "approval":
          start += toMs - fromMs;
          break;
        case "slot":
        case "rate":
        case "retry":
        case "unknown":
      }
    }
    return start;
  }

  /** Its own work, and what the calls that it makes inside itself would have taken at least. */
  #workOf(call: TracedCall): number {
    const workMs = call.stretches.reduce(
      (ms, stretch) => ms + (isWork(stretch) ? lengthOf(stretch, this.#scope) : 0),
      0,
    );
    const inside = this.#inside(call);
    if (inside.length === 0) return workMs;
    const waitedMs = inside
      .flatMap(({ stretches }) => stretches.filter((stretch) => !isWork(stretch)))
      .reduce((ms, stretch) => ms + lengthOf(stretch, this.#scope), 0);
    return Math.max(0, workMs - waitedMs);
  }

  #inside({ key }: TracedCall): readonly TracedCall[] {
    return this.#scope.inside.get(key) ?? [];
  }
}

function isWork({ kind }: Stretch): boolean {
  return kind !== "wait";
}

function lengthOf({ fromMs, toMs }: Stretch, scope: TraceScope): number {
  return (toMs ?? scope.toMs) - fromMs;
}
