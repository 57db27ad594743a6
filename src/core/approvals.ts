/**
 * The calls of one batch that run only if somebody says so. All of them are decided before any of them runs; calls that have
 * nothing to do with them go on meanwhile.
 *
 * 1. A call is held while one is undecided that it must follow: it is one of them, conflicts with one that is held, or comes
 *    after its tool. Held calls are out of the line, so they hold up no other conversation.
 *    One whose input is not known yet is decided when it is; what need not follow it goes on before.
 * 2. A call that settles before it is decided (an abort, a deadline) is waited for no more; its asker's signal aborts.
 */
import type { Call } from "./call.ts";
import { Cancellation } from "./cancel.ts";
import { denied, type Failure } from "./failure.ts";
import { UNAPPROVED } from "./call-state.ts";
import type { LiveCall } from "./live-call.ts";
import { LockTable } from "./locks.ts";
import { show } from "./options.ts";
import { textOf } from "./thrown.ts";

/** `"always"` allows this call and the others of its tool that wait in the same batch. */
export type Decision = "allow" | "deny" | "always";

/** What `approve` is given beside the call. */
export interface ApprovalContext {
  /** All calls of the batch that need approval, this one included. */
  readonly calls: readonly Call[];
  /** Aborts when the answer is not needed any more: the call was stopped, or allowed by another's `"always"`. */
  readonly signal: AbortSignal;
}

/**
 * Says whether a call may run. It is called for all calls of a batch at once, and may take its time. What it throws, and any
 * other answer, denies that call alone.
 */
export type Approve = (call: Call, context: ApprovalContext) => Decision | Promise<Decision>;

/** Told what becomes of held calls. */
export interface ApprovalListener {
  /** The decisions are made: these calls may go on, in serial order. */
  approved(calls: readonly LiveCall[]): void;
  refused(live: LiveCall, failure: Failure): void;
  /** Changes state, and does what follows from it. */
  step(change: () => void): void;
}

/** The calls of one batch that wait for decisions. */
export class Approvals {
  readonly #approve: Approve;
  readonly #listener: ApprovalListener;
  readonly #strict: boolean;
  #locks = new LockTable();
  /** The tools of those that are held. */
  #tools = new Set<string>();
  #held = new Set<LiveCall>();
  /** Wrappers that end after some of those. */
  #around = new Set<LiveCall>();
  /** The tools of which the user allows every call. */
  readonly #always = new Set<string>();
  readonly #undecided = new Map<LiveCall, AbortController>();
  readonly #allowed = new Set<LiveCall>();
  #sortsSoon = false;

  /** `strict` means that calls run one by one. */
  constructor(approve: Approve, listener: ApprovalListener, strict: boolean) {
    this.#approve = approve;
    this.#listener = listener;
    this.#strict = strict;
  }

  /** Whether a call has to wait here. Calls are shown in serial order. */
  mustHold({ gated, effects, tool, before }: LiveCall): boolean {
    if (gated) return true;
    if (this.#held.size === 0) return false;
    if (this.#strict || this.#locks.wouldWait(effects)) return true;
    if (before.some((call) => !call.settled && (this.#held.has(call) || this.#around.has(call)))) return true;
    return tool !== undefined && tool.after.some((name) => this.#tools.has(name));
  }

  hold(live: LiveCall): void {
    live.moveTo(UNAPPROVED);
    if (live.gated) this.#undecided.set(live, new AbortController());
    this.#keep(live);
  }

  /** Asks for every call that needs it; to be called once, when all of them are held. */
  ask(): void {
    const calls = this.#askable();
    for (const live of calls) this.#ask(live, calls);
  }

  /** The input of a held call is known now, and whether it needs approval. */
  known(live: LiveCall): void {
    if (this.#always.has(live.call.name)) this.#allow(live);
    else if (live.gated) this.#ask(live, this.#askable());
    else this.#undecided.delete(live);
    // It touches less now, so others may not have to wait for it.
    if (this.#held.size > this.#undecided.size) this.#sort();
  }

  /** A held call has settled. */
  settled(live: LiveCall): void {
    this.#undecided.get(live)?.abort(new Cancellation("shutdown", "the call has ended"));
    if (this.#undecided.delete(live)) this.#goOn();
    if (this.#held.has(live)) this.#sortSoon();
  }

  #keep(live: LiveCall): void {
    live.locks = this.#locks.request(live.effects, { key: live.key, locksGranted });
    this.#held.add(live);
    this.#tools.add(live.call.name);
    if (live.wrapper === undefined) return;
    this.#around.add(live.wrapper);
    this.#tools.add(live.wrapper.call.name);
  }

  /** Nobody can be asked about a call whose input is not known. */
  #askable(): LiveCall[] {
    return [...this.#undecided.keys()].filter(({ unresolved }) => unresolved === undefined);
  }

  #ask(live: LiveCall, all: readonly LiveCall[]): void {
    const signal = this.#undecided.get(live)?.signal as AbortSignal;
    const calls = all.map(({ call }) => call);
    // Later: a step is no place for foreign code.
    Promise.resolve()
      .then(() => this.#approve(live.call, { calls, signal }))
      .then(
        (decision) => this.#listener.step(() => this.#decided(live, decision)),
        (thrown: unknown) => this.#listener.step(() => this.#failed(live, thrown)),
      )
      .catch(() => {});
  }

  #decided(live: LiveCall, decision: Decision): void {
    if (!this.#undecided.has(live)) return;
    if (decision === "deny") return this.#listener.refused(live, denied("the user denied it"));
    if (decision !== "allow" && decision !== "always") {
      const message = `\`approve\` must say "allow", "deny" or "always", and said ${show(decision)}`;
      return this.#failed(live, new TypeError(message));
    }
    this.#allow(live);
    if (decision === "always") this.#allowAll(live.call.name);
    this.#goOn();
  }

  #allowAll(name: string): void {
    this.#always.add(name);
    for (const [live, controller] of this.#undecided) {
      if (live.call.name !== name) continue;
      this.#allow(live);
      controller.abort(new Cancellation("shutdown", `all calls of ${name} were allowed`));
    }
  }

  #allow(live: LiveCall): void {
    live.gated = false;
    this.#allowed.add(live);
    this.#undecided.delete(live);
  }

  #failed(live: LiveCall, cause: unknown): void {
    if (!this.#undecided.has(live)) return;
    const why = textOf(cause, "without a message");
    this.#listener.refused(live, denied(`it could not be approved: ${why}`, cause));
  }

  #goOn(): void {
    if (this.#askable().length === 0) this.#sort();
  }

  /** What waited for one that is over need not, whatever is asked still. Where all are stopped at once, they are sorted once. */
  #sortSoon(): void {
    if (this.#sortsSoon) return;
    this.#sortsSoon = true;
    Promise.resolve()
      .then(() => {
        this.#sortsSoon = false;
        this.#listener.step(() => this.#sort());
      })
      .catch(() => {});
  }

  /** Lets go of those that need not wait here any more. What was allowed does as long as there is a question. */
  #sort(): void {
    const isOver = this.#askable().length === 0;
    const held = [...this.#held].filter(({ settled }) => !settled);
    this.#held = new Set();
    this.#locks = new LockTable();
    this.#around = new Set();
    this.#tools = new Set();
    const free: LiveCall[] = [];
    for (const live of held) {
      if (this.mustHold(live) || (!isOver && this.#allowed.has(live))) this.#keep(live);
      else free.push(live);
    }
    this.#listener.approved(free);
  }
}

/** A held call does not start when its place here is free. */
function locksGranted(): void {}
