/**
 * The critical path: what the time of a run went into, from its end back to its start. Where a call waited for another, or for
 * a slot that another one held, the path goes on through that one, so that making any step shorter makes the run shorter. The path of
 * one run stays in it: what another run's call held up is a wait.
 *
 * 1. The steps follow one another without a gap or an overlap, from the start of the scope to its end.
 */
import type { Stretch, Trace, TracedCall, TracedTurn, TracedWait } from "./trace.ts";
import { scopeOf, type TraceScope } from "./scope.ts";

/** A step of the path. */
export type PathStep = { readonly fromMs: number; readonly toMs: number } & (
  | { readonly kind: "model"; readonly turn: string }
  | { readonly kind: "running" | "failed"; readonly call: string }
  /** A wait that no call in the scope can be blamed for: a rate, an approval, a pause before a retry. */
  | { readonly kind: "wait"; readonly call: string; readonly wait: TracedWait }
  /** Nothing that the trace knows of: the user's own code, between turns or before the first. */
  | { readonly kind: "outside" }
);

/** The critical path of a trace, or of one run of it. */
export function criticalPath(trace: Trace, run?: string): PathStep[] {
  return new PathFinder(scopeOf(trace, run)).find();
}

/** Where the path has come to, on its way back. */
type Place =
  | { readonly at: "between" }
  | { readonly at: "turn"; readonly turn: TracedTurn }
  | { readonly at: "call"; readonly call: TracedCall };

const BETWEEN: Place = { at: "between" };

class PathFinder {
  readonly #scope: TraceScope;
  readonly #calls: ReadonlyMap<string, TracedCall>;
  readonly #turns: ReadonlyMap<string, TracedTurn>;
  /** Of each pool that was asked for. */
  readonly #givers = new Map<string, readonly Giver[]>();
  /** The path from its end on. */
  readonly #steps: PathStep[] = [];
  #now: number;
  /** Calls that were come to without time going back: to come to one again would be to go round. */
  readonly #seen = new Set<string>();

  constructor(scope: TraceScope) {
    this.#scope = scope;
    this.#calls = new Map(scope.calls.map((call) => [call.key, call]));
    this.#turns = new Map(scope.turns.map((turn) => [turn.key, turn]));
    this.#now = scope.toMs;
  }

  find(): PathStep[] {
    const { fromMs } = this.#scope;
    for (let place: Place | undefined = BETWEEN; this.#now > fromMs && place !== undefined;)
      place = this.#back(place);
    this.#step({ kind: "outside", fromMs });
    return this.#steps.reverse();
  }

  #back(place: Place): Place | undefined {
    if (place.at === "between") return this.#lastBefore();
    if (place.at === "turn") return this.#throughTurn(place.turn);
    return this.#throughCall(place.call);
  }

  /** Adds what happened from a moment to now. */
  #step(step: DistributiveOmit<PathStep, "toMs">): void {
    if (step.fromMs >= this.#now) return;
    this.#steps.push({ ...step, toMs: this.#now });
    this.#now = step.fromMs;
    this.#seen.clear();
  }

  /** The turn that ended last, by now; what is between it and now is nobody's. */
  #lastBefore(): Place | undefined {
    const { turns, fromMs } = this.#scope;
    let last: TracedTurn | undefined;
    for (const turn of turns) {
      if (turn.fromMs >= this.#now) continue;
      if (last === undefined || this.#endOf(turn) > this.#endOf(last)) last = turn;
    }
    if (last === undefined) return undefined;
    this.#step({ kind: "outside", fromMs: Math.max(fromMs, Math.min(this.#now, this.#endOf(last))) });
    return { at: "turn", turn: last };
  }

  /** Its end, as far as it is before now. */
  #endOf({ toMs }: TracedTurn): number {
    return Math.min(this.#now, toMs ?? this.#scope.toMs);
  }

  /** From the last of its calls that ended by now, or from the model's last word, if that came later. */
  #throughTurn(turn: TracedTurn): Place {
    const modelTo = Math.min(
      this.#now,
      turn.modelToMs ?? (turn.turn === undefined ? turn.fromMs : this.#now),
    );
    const last = this.#lastOf(this.#scope.callsOf.get(turn.key) ?? []);
    if (last !== undefined && this.#endOfCall(last) > modelTo) {
      this.#step({ kind: "outside", fromMs: this.#endOfCall(last) });
      return { at: "call", call: last };
    }
    this.#step({ kind: "outside", fromMs: modelTo });
    return this.#throughModel(turn);
  }

  #throughModel(turn: TracedTurn): Place {
    this.#step({ kind: turn.turn === undefined ? "outside" : "model", turn: turn.key, fromMs: turn.fromMs });
    return BETWEEN;
  }

  #endOfCall({ settledMs }: TracedCall): number {
    return Math.min(this.#now, settledMs ?? this.#scope.toMs);
  }

  #lastOf(calls: readonly TracedCall[]): TracedCall | undefined {
    let last: TracedCall | undefined;
    for (const call of calls) {
      if (call.queuedMs >= this.#now) continue;
      if (last === undefined || this.#endOfCall(call) > this.#endOfCall(last)) last = call;
    }
    return last;
  }

  #throughCall(call: TracedCall): Place {
    if (call.isWrapper) return this.#throughWrapper(call);
    const stretch = call.stretches.findLast(({ fromMs }) => fromMs < this.#now);
    if (stretch === undefined || this.#now <= call.queuedMs) return this.#whoMade(call);
    if (stretch.kind !== "wait") return this.#throughWork(call, stretch);
    const behind = this.#waitedFor(call, stretch);
    if (behind === undefined) {
      if (stretch.wait.for === "close") return this.#throughClose(call, stretch.fromMs);
      this.#step({ kind: "wait", call: call.key, wait: stretch.wait, fromMs: stretch.fromMs });
      return { at: "call", call };
    }
    const end = Math.min(this.#now, behind.toMs ?? this.#now);
    this.#step({ kind: "wait", call: call.key, wait: stretch.wait, fromMs: Math.max(end, stretch.fromMs) });
    this.#seen.add(behind.call.key);
    return { at: "call", call: behind.call };
  }

  /** A wrapper takes as long as what it holds. */
  #throughWrapper(call: TracedCall): Place {
    const last = this.#lastOf(this.#scope.inside.get(call.key) ?? []);
    if (last === undefined || this.#now <= call.queuedMs) return this.#whoMade(call);
    this.#step({ kind: "outside", fromMs: this.#endOfCall(last) });
    return { at: "call", call: last };
  }

  /** While a call runs, the last of those that it runs inside itself; what is behind that one is its own. */
  #throughWork(call: TracedCall, { kind, fromMs }: Exclude<Stretch, { kind: "wait" }>): Place {
    const last = this.#lastOf(
      (this.#scope.inside.get(call.key) ?? []).filter(({ queuedMs }) => queuedMs >= fromMs),
    );
    if (last === undefined || this.#seen.has(last.key)) {
      this.#step({ kind, call: call.key, fromMs });
      return { at: "call", call };
    }
    this.#step({ kind, call: call.key, fromMs: Math.max(fromMs, this.#endOfCall(last)) });
    return { at: "call", call: last };
  }

  /** Until the model had stopped a call could not start: that time is the model's. */
  #throughClose(call: TracedCall, fromMs: number): Place {
    const turn = this.#turnOf(call);
    if (turn === undefined || turn.turn === undefined) {
      this.#step({ kind: "wait", call: call.key, wait: { for: "close" }, fromMs });
      return { at: "call", call };
    }
    const modelTo = turn.modelToMs ?? this.#now;
    this.#step({
      kind: "wait",
      call: call.key,
      wait: { for: "close" },
      fromMs: Math.max(fromMs, Math.min(modelTo, this.#now)),
    });
    return this.#throughModel(turn);
  }

  /** Who made a call: the call that runs it inside itself, or the model. */
  #whoMade(call: TracedCall): Place {
    const around = call.parent === undefined ? undefined : this.#calls.get(call.parent);
    if (around !== undefined && !this.#seen.has(around.key)) {
      this.#seen.add(call.key);
      return around.isWrapper ? this.#whoMade(around) : { at: "call", call: around };
    }
    const turn = this.#turnOf(call);
    return turn === undefined ? BETWEEN : this.#throughModel(turn);
  }

  #turnOf({ turn }: TracedCall): TracedTurn | undefined {
    return turn === undefined ? undefined : this.#turns.get(turn);
  }

  /** The call that a wait was for, or that held the slot which it ended with; and when that one let it go on. */
  #waitedFor(call: TracedCall, stretch: Extract<Stretch, { kind: "wait" }>): Blamed | undefined {
    const { wait, fromMs } = stretch;
    if (wait.for === "slot") return this.#slotGiver(call, wait.pool, fromMs);
    if (wait.for !== "lock" && wait.for !== "call") return undefined;
    const behind = this.#calls.get(wait.for === "lock" ? wait.heldBy : wait.call);
    if (behind === undefined || !this.#mayBlame(behind, call)) return undefined;
    // One that had ended before, or that came later, cannot have been it.
    const end = behind.settledMs ?? this.#scope.toMs;
    return end > fromMs && behind.queuedMs < this.#now ? { call: behind, toMs: behind.settledMs } : undefined;
  }

  #mayBlame(behind: TracedCall, call: TracedCall): boolean {
    return !isInside(call, behind) && !this.#seen.has(behind.key);
  }

  /** Of the attempts that gave a slot last, by now: one that may be blamed. */
  #slotGiver(waiting: TracedCall, pool: string, fromMs: number): Blamed | undefined {
    const givers = this.#giversOf(pool);
    let last = fromMs;
    for (let i = lastUntil(givers, this.#now); i >= 0; i--) {
      const giver = givers[i] as Giver;
      if (giver.toMs <= fromMs || giver.toMs < last) return undefined;
      if (giver.call === waiting || giver.fromMs >= this.#now) continue;
      last = giver.toMs;
      if (this.#mayBlame(giver.call, waiting)) return giver;
    }
    return undefined;
  }

  /** The attempts that gave back a slot of a pool, in the order in which they did; of two at once the first comes last. */
  #giversOf(pool: string): readonly Giver[] {
    const known = this.#givers.get(pool);
    if (known !== undefined) return known;
    const givers = this.#scope.calls
      .toReversed()
      .filter((call) => uses(call, pool))
      .flatMap((call) =>
        call.attempts.flatMap(({ fromMs, toMs, abandonedMs = toMs }) =>
          abandonedMs === undefined ? [] : [{ call, fromMs, toMs: abandonedMs }],
        ),
      )
      .sort((a, b) => a.toMs - b.toMs);
    this.#givers.set(pool, givers);
    return givers;
  }
}

/** Who kept a call waiting, until when; undefined: it still does. */
interface Blamed {
  readonly call: TracedCall;
  readonly toMs: number | undefined;
}

/** An attempt that held a slot, and gave it back. */
interface Giver extends Blamed {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The place of the last that had given by a moment; -1 if none had. */
function lastUntil(givers: readonly Giver[], ms: number): number {
  let low = 0;
  let high = givers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((givers[middle] as Giver).toMs <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

type DistributiveOmit<Type, Keys extends PropertyKey> = Type extends unknown ? Omit<Type, Keys> : never;

/** Whether an attempt of a call takes a slot of a pool. */
function uses({ call, pools }: TracedCall, pool: string): boolean {
  return pool === "executor" || pool === `tool:${call.name}` || pools.includes(pool);
}

function isInside(call: TracedCall, other: TracedCall): boolean {
  return call.key === other.key || call.parent === other.key;
}
