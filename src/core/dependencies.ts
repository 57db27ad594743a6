/**
 * Who in a batch depends on whom, other than by locks: calls of tools named in `after`, calls that the model named itself,
 * writes behind a failed write of the same resource, and, where calls run one by one, each call on the one before it (contract §4, §7).
 *
 * A call with `after` gets in line only when the batch is closed, so that it knows all the calls it comes after.
 */
import type { Call } from "./call.ts";
import { FailedWrites } from "./failed-writes.ts";
import { effectsWithoutInput } from "./intake.ts";
import type { LiveCall } from "./live-call.ts";
import { serialOrder, type Ordered } from "./order.ts";
import type { Outcome } from "./outcome.ts";

/** Told when something that a call waits for is gone. */
export interface DependencyListener {
  callDone(live: LiveCall, before: Call): void;
  dependencyFailed(live: LiveCall, dependency: Call): void;
}

/** A call that gets its place. */
interface Place extends Ordered<Place> {
  readonly live: LiveCall;
  before: readonly Place[] | undefined;
}

/** The calls of one tool that others come after. */
interface Group {
  readonly unsettled: Set<LiveCall>;
  /** One of those. */
  call: Call;
  failed: Call | undefined;
  readonly waiting: LiveCall[];
}

/** The dependencies of one batch. */
export class Dependencies {
  readonly #listener: DependencyListener;
  readonly #awaited: ReadonlySet<string>;
  readonly #strict: boolean;
  readonly #groups = new Map<string, Group>();
  #failedWrites = new FailedWrites();
  /** Where calls run one by one: the last in line that has not settled. */
  #last: LiveCall | undefined;

  /** `awaited` are the tools that others come after; `strict` means one by one. */
  constructor(listener: DependencyListener, options: { awaited: ReadonlySet<string>; strict: boolean }) {
    this.#listener = listener;
    this.#awaited = options.awaited;
    this.#strict = options.strict;
  }

  /** A call has come; nothing is known of it but its name. */
  arrived(live: LiveCall): void {
    const { call } = live;
    if (!this.#awaited.has(call.name)) return;
    const group = this.#groups.get(call.name);
    if (group !== undefined) group.unsettled.add(live);
    else this.#groups.set(call.name, { unsettled: new Set([live]), call, failed: undefined, waiting: [] });
  }

  /** Has a call come after another that the model named. */
  connect(live: LiveCall, before: LiveCall): void {
    if (before.settled) this.#fails(live, before, before.outcome);
    else if (live.unresolved !== undefined && isTarget(before, live.unresolved)) live.unresolved.unsettled++;
    // It may be named twice: by `after`, and in the input.
    if (live.before.includes(before)) return;
    live.before = [...live.before, before];
    if (before.settled) return;
    (before.behind ??= []).push(live);
    live.comesAfter = before;
    live.blockers++;
  }

  /**
   * Gives all calls of a batch that is complete their places. `inside` tells the calls in a wrapper, which ends after them.
   * Returns the calls in serial order, and those that the model has go round in a circle.
   */
  order(
    calls: readonly LiveCall[],
    inside: (live: LiveCall) => readonly LiveCall[],
  ): {
    readonly ordered: readonly LiveCall[];
    readonly circular: ReadonlyMap<LiveCall, readonly LiveCall[]>;
  } {
    if (!calls.some(mayMove)) return { ordered: calls, circular: new Map() };
    const places = new Map<LiveCall, Place>();
    for (const live of calls) {
      const { order: index, call, tool } = live;
      places.set(live, { live, name: call.name, index, after: tool?.after ?? [], before: undefined });
    }
    const placeOf = (live: LiveCall) => places.get(live) as Place;
    for (const place of places.values()) {
      const { live } = place;
      place.before = live.settled ? [] : [...live.before, ...inside(live)].map(placeOf);
    }
    const { ordered, circular } = serialOrder([...places.values()]);
    this.#failedWrites = new FailedWrites();
    for (const [order, { live }] of ordered.entries()) {
      live.order = order;
      if (live.state.at === "settled") this.#noteFailedWrite(live, live.state.outcome);
    }
    const liveOf = ({ live }: Place) => live;
    // A long circle is that of many calls.
    const circles = new Map([...new Set(circular.values())].map((circle) => [circle, circle.map(liveOf)]));
    return {
      ordered: ordered.map(liveOf),
      circular: new Map([...circular].map(([{ live }, circle]) => [live, circles.get(circle) ?? []])),
    };
  }

  /** Has a call, which gets in line now, wait for those that come first. */
  link(live: LiveCall): void {
    for (const name of live.tool?.after ?? []) {
      const group = this.#groups.get(name);
      if (group === undefined) continue;
      live.failedDependency ??= group.failed;
      if (group.unsettled.size === 0) continue;
      group.waiting.push(live);
      live.comesAfter = group;
      live.blockers++;
    }
    if (this.#strict) this.#standBehindLast(live);
  }

  /** A call before this one, in serial order, that failed to write what this one writes. */
  failedWriteBefore(live: LiveCall): Call | undefined {
    return this.#failedWrites.before(live.effects, live.order);
  }

  settled(live: LiveCall, outcome: Outcome): void {
    this.#noteFailedWrite(live, outcome);
    if (this.#strict) this.#leaveQueue(live);
    if (live.behind !== undefined) for (const next of live.behind) this.#done(next, live, outcome);
    const group = this.#groups.get(live.call.name);
    if (group === undefined) return;
    group.unsettled.delete(live);
    const [next] = group.unsettled;
    if (next !== undefined) group.call = next.call;
    if (outcome.status !== "ok") {
      group.failed ??= live.call;
      for (const waiting of group.waiting) this.#listener.dependencyFailed(waiting, live.call);
    }
    if (next === undefined) for (const waiting of group.waiting) this.#listener.callDone(waiting, live.call);
  }

  #done(live: LiveCall, before: LiveCall, outcome: Outcome): void {
    if (live.unresolved !== undefined && isTarget(before, live.unresolved)) live.unresolved.unsettled--;
    this.#fails(live, before, outcome);
    this.#listener.callDone(live, before.call);
  }

  /** A call that another names is over: if it did not go well, neither does the other. */
  #fails(live: LiveCall, before: LiveCall, { status }: Outcome): void {
    if (status !== "ok") this.#listener.dependencyFailed(live, before.call);
  }

  #standBehindLast(live: LiveCall): void {
    const before = this.#last;
    this.#last = live;
    if (before === undefined) return;
    before.follower = live;
    live.predecessor = before;
    live.comesAfter = before;
    live.blockers++;
  }

  /** A call may settle before its turn comes; the one behind it then stands behind the one before it. */
  #leaveQueue(live: LiveCall): void {
    const { predecessor, follower } = live;
    if (this.#last === live) this.#last = predecessor;
    if (predecessor !== undefined) predecessor.follower = follower;
    if (follower === undefined) return;
    follower.predecessor = predecessor;
    if (predecessor === undefined) this.#listener.callDone(follower, live.call);
    else follower.comesAfter = predecessor;
  }

  #noteFailedWrite(live: LiveCall, { status }: Outcome): void {
    if (status === "ok") return;
    // As long as its input is not whole it is not known what it would have written.
    const effects = live.unresolved === undefined ? live.effects : effectsWithoutInput(live.tool);
    this.#failedWrites.add(effects, live.call, live.order);
  }
}

/** Whether a call may have to move: where none does, the order is the model's. */
function mayMove({ tool, before, order }: LiveCall): boolean {
  return (tool !== undefined && tool.after.length > 0) || before.some((call) => call.order > order);
}

function isTarget(live: LiveCall, { targets }: NonNullable<LiveCall["unresolved"]>): boolean {
  for (const target of targets.values()) if (target === live) return true;
  return false;
}
