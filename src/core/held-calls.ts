/**
 * The calls that may not start, or not even get in line, before their batch closes, so that serial order is kept (contract
 * §4, §6): writes, unless all calls are eager; calls with `after`, or that refer to later calls, which do not know yet all that
 * they come after; and those that conflict with one that is held, or come after it.
 */
import type { Eager } from "./batch.ts";
import { HELD } from "./call-state.ts";
import type { LiveCall } from "./live-call.ts";
import { LockTable } from "./locks.ts";

/** The held calls of one batch. */
export class HeldCalls {
  readonly #eager: Eager;
  readonly #strict: boolean;
  /** What the held calls touch: a call that would have to wait here conflicts with one of them. */
  readonly #locks = new LockTable();
  #count = 0;
  /** Wrappers that end after some of the held calls. */
  readonly #around = new Set<LiveCall>();

  constructor(options: { readonly eager: Eager; readonly strict: boolean }) {
    this.#eager = options.eager;
    this.#strict = options.strict;
  }

  /** Whether a call has to be held. */
  mustHold(live: LiveCall): boolean {
    if (live.gated || this.#eager === "off" || (this.#eager === "reads" && live.writes)) return true;
    if (live.tool !== undefined && live.tool.after.length > 0) return true;
    if (live.before.some((call) => call.order > live.order || this.#isHeld(call))) return true;
    if (this.#count === 0) return false;
    return this.#strict || this.#locks.wouldWait(live.effects);
  }

  hold(live: LiveCall): void {
    live.moveTo(HELD);
    this.#count++;
    if (live.wrapper !== undefined) this.#around.add(live.wrapper);
    // Where every call is held, none needs to know whether it must follow one that is.
    if (this.#eager !== "off")
      live.locks = this.#locks.request(live.effects, { key: live.key, locksGranted });
  }

  /** The batch has closed: lets a call go on, if it is held. */
  release(live: LiveCall, now: number): boolean {
    if (live.state.at !== "held") return false;
    live.waited(now, { for: "close" });
    live.locks = undefined;
    return true;
  }

  /** Whoever stood in line before a call that it waits for could wait for it for ever: others may stand between them. */
  #isHeld(call: LiveCall): boolean {
    return call.state.at === "held" || (!call.settled && this.#around.has(call));
  }
}

/** A held call does not start when its place here is free. */
function locksGranted(): void {}
