/**
 * Who in a batch depends on whom, other than by locks: calls of tools named in `after`, writes behind a failed write of the
 * same resource, and, where calls run one by one, each call on the one before it (contract §4, §7).
 *
 * A call with `after` gets in line only when the batch is closed, so that it knows all the calls it comes after.
 */
import type { Call } from "./call.ts";
import { FailedWrites } from "./failed-writes.ts";
import type { LiveCall } from "./live-call.ts";
import { serialOrder } from "./order.ts";
import type { Outcome } from "./outcome.ts";

/** Told when something that a call waits for is gone. */
export interface DependencyListener {
  callDone(live: LiveCall, before: Call): void;
  dependencyFailed(live: LiveCall, dependency: Call): void;
}

/** The calls of one tool that others come after. */
interface Group {
  unsettled: number;
  last: Call;
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
  arrived({ call }: LiveCall): void {
    if (!this.#awaited.has(call.name)) return;
    const group = this.#groups.get(call.name);
    if (group === undefined) {
      this.#groups.set(call.name, { unsettled: 1, last: call, failed: undefined, waiting: [] });
    } else {
      group.unsettled++;
      group.last = call;
    }
  }

  /** Gives all calls of a batch that is complete their places; returns them in serial order. */
  order(calls: readonly LiveCall[]): readonly LiveCall[] {
    if (this.#awaited.size === 0 || !calls.some(({ tool }) => tool !== undefined && tool.after.length > 0))
      return calls;
    const places = calls.map((live) => ({
      live,
      name: live.call.name,
      index: live.order,
      after: live.tool?.after ?? [],
    }));
    const ordered = serialOrder(places).map(({ live }) => live);
    this.#failedWrites = new FailedWrites();
    for (const [place, live] of ordered.entries()) {
      live.order = place;
      if (live.state.at === "settled") this.#noteFailedWrite(live, live.state.outcome);
    }
    return ordered;
  }

  /** Has a call, which gets in line now, wait for those that come first. */
  link(live: LiveCall): void {
    for (const name of live.tool?.after ?? []) {
      const group = this.#groups.get(name);
      if (group === undefined) continue;
      live.failedDependency ??= group.failed;
      if (group.unsettled === 0) continue;
      group.waiting.push(live);
      live.comesAfter = group.last;
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
    const group = this.#groups.get(live.call.name);
    if (group === undefined) return;
    group.unsettled--;
    if (outcome.status !== "ok") {
      group.failed ??= live.call;
      for (const waiting of group.waiting) this.#listener.dependencyFailed(waiting, live.call);
    }
    if (group.unsettled === 0)
      for (const waiting of group.waiting) this.#listener.callDone(waiting, live.call);
  }

  #standBehindLast(live: LiveCall): void {
    const before = this.#last;
    this.#last = live;
    if (before === undefined) return;
    before.follower = live;
    live.predecessor = before;
    live.comesAfter = before.call;
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
    else follower.comesAfter = predecessor.call;
  }

  #noteFailedWrite(live: LiveCall, outcome: Outcome): void {
    if (outcome.status !== "ok" && live.writes) this.#failedWrites.add(live.effects, live.call, live.order);
  }
}
