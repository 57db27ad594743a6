/**
 * The attempts of calls: from the slots that a call was given to how it ended, or to its next try.
 *
 * 1. An attempt gives its slots back in the step in which it ends, or is given up on (G4).
 * 2. A call has several attempts at once, three at most, only if it writes nothing; the first that goes well is its result.
 * 3. A call is tried again only after every attempt of it has stopped (G3), and only as `SecondAttempts` says (G7).
 */
import { Attempt, type AttemptHost, type AttemptResult, type InnerBatch } from "./attempt.ts";
import type { BackEnds } from "./back-ends.ts";
import type { CallRequest } from "./call-request.ts";
import { Cancellation } from "./cancel.ts";
import type { SteppedClock } from "./clock.ts";
import type { CallEvent } from "./event.ts";
import type { Durations } from "./durations.ts";
import { writtenBy } from "./effects.ts";
import type { EventStream } from "./event-stream.ts";
import { attemptFailed, invalidOutput, timedOut, type Failure } from "./failure.ts";
import { runTogether } from "./gathering.ts";
import type { WakeList } from "./filed-lanes.ts";
import { Hedge } from "./hedge.ts";
import type { CallState, Start } from "./call-state.ts";
import type { LiveCall } from "./live-call.ts";
import type { Outcome } from "./outcome.ts";
import type { AttemptReport, Pool } from "./pool.ts";
import type { Check, Checked } from "./schema.ts";
import { LentScope } from "./lent-scope.ts";
import type { CreateSecondAttempts, SecondAttempts } from "./second-attempts.ts";
import { textOf } from "./thrown.ts";
import type { Timers } from "./timers.ts";
import type { Tool } from "./tool.ts";
import { readTrouble, type Trouble } from "./trouble.ts";

/** What a runner is made with. */
export interface RunnerOptions {
  readonly tools: readonly Tool[];
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly secondAttempts: CreateSecondAttempts;
  /** Opens a batch of calls inside a running one. */
  readonly openInside: (live: LiveCall, inside: Inside) => InnerBatch;
}

/** What a runner needs of the scheduler. */
export interface RunnerHost {
  readonly clock: SteppedClock;
  readonly timers: Timers;
  readonly toWake: WakeList;
  readonly events: Pick<EventStream, "isSurrounded" | "start" | "traceparent">;
  step(change: () => void): void;
  stepWith<A, B>(change: (a: A, b: B) => void, a: A, b: B): void;
  emit(live: LiveCall, event: CallEvent): void;
  emitStarted(live: LiveCall, at: number): void;
  emitAgain(live: LiveCall, attempt: number, as: "retry" | "hedge"): void;
  readonly backEnds: BackEnds;
  readonly durations: Durations;
  /** Has a call wait for room again. */
  makeReady(live: LiveCall): void;
  fail(live: LiveCall, failure: Failure): void;
  settle(live: LiveCall, outcome: Outcome, release?: "all" | "reads"): void;
}

/** Calls to run inside a call: where they find slots and locks, and whether the call has been told to stop. */
export interface Inside {
  readonly scope: LentScope;
  /** Which attempt of the call they run in. */
  readonly attempt: number;
  readonly requests: readonly CallRequest[];
  readonly stopped: Cancellation | undefined;
}

/** How an attempt ended, as far as its call is concerned. */
type AttemptEnd =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly failure: Failure;
      readonly trouble: Trouble | undefined;
      /** Whether the tool returned all the same, though not what it should. */
      readonly returned: boolean;
    };

/** Runs the attempts of one executor's calls. */
export class Runner implements AttemptHost<LiveCall> {
  readonly #host: RunnerHost;
  readonly #options: RunnerOptions;
  readonly #second = new Map<Tool, SecondAttempts>();
  #abandoned = 0;

  constructor(host: RunnerHost, options: RunnerOptions) {
    this.#host = host;
    this.#options = options;
    for (const tool of options.tools) {
      const second = options.secondAttempts(tool);
      if (second !== undefined) this.#second.set(tool, second);
    }
  }

  /** Attempts that were abandoned and have not stopped yet. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** Starts a call that has its slots, or the hedge of one that runs, if it is still wanted. */
  start(live: LiveCall): void {
    const { state } = live;
    if (state.at === "running") return this.#startHedge(live, state);
    if (state.at !== "starting") return;
    const { gathering } = state;
    if (gathering === undefined) return this.#run(this.#begin(live, state));
    const attempts = gathering.calls.flatMap((member) =>
      member.state.at === "starting" ? [this.#begin(member, member.state)] : [],
    );
    const gather = (live.tool as Tool).gather as NonNullable<Tool["gather"]>;
    const { events } = this.#host;
    if (events.isSurrounded && attempts.length > 0)
      events.start(attempts, () => runTogether(gather, attempts));
    else runTogether(gather, attempts);
  }

  /** Tells the attempts of a running call to stop. */
  stop(live: LiveCall, failure: Failure, reason: Cancellation): void {
    const { state } = live;
    if (state.at !== "running") return;
    live.hedge?.end();
    // A lone attempt that took too long is over, whatever comes to stop it as well.
    live.moveTo({ ...state, at: "stopping", failure: soleAttempt(state)?.failure ?? failure });
    for (const attempt of state.attempts) this.#abort(attempt, reason);
  }

  idempotencyKey({ call, batch }: LiveCall): string {
    return batch.idempotencyKey(call);
  }

  traceparent(live: LiveCall, attempt: number): string | undefined {
    return this.#host.events.traceparent(live.key, attempt);
  }

  progressed(live: LiveCall, value: unknown): void {
    if (!live.settled) this.#host.emit(live, { type: "call.progress", call: live.key, value });
  }

  runInside(
    attempt: Attempt<LiveCall>,
    requests: readonly CallRequest[],
    stopped: Cancellation | undefined,
  ): InnerBatch {
    const live = attempt.subject;
    const { call, effects, lane } = live;
    if (attempt.slots === undefined || lane === undefined) throw new Error(`call ${live.key} does not run`);
    const now = () => this.#host.clock.now();
    const lender = { name: call.name, effects, lane, slots: attempt.slots, now };
    const scope =
      attempt.lent instanceof LentScope
        ? attempt.lent
        : new LentScope(live.batch.scope, lender, this.#host.toWake);
    attempt.lent = scope;
    const batch = this.#options.openInside(live, { scope, attempt: attempt.number, requests, stopped });
    // Not before: with no batch to wait for, nobody would take it back.
    this.#host.step(() => scope.lend());
    return batch;
  }

  ended(attempt: Attempt<LiveCall>, result: AttemptResult): void {
    const live = attempt.subject;
    const { checkOutput } = live.tool as Tool;
    if (result.ok && checkOutput !== undefined && live.state.at === "running" && !attempt.aborted) {
      this.#checkOutput(attempt, checkOutput, result.value).catch(() => {});
      return;
    }
    this.#host.stepWith(this.#end, attempt, this.#endOf(attempt, result));
  }

  #endOf({ subject, lent }: Attempt<LiveCall>, result: AttemptResult): AttemptEnd {
    if (result.ok) return result;
    const said = readTrouble(result.thrown);
    // It speaks of one request. What calls inside this one have done is another matter.
    const trouble = lent === undefined ? said : { ...said, nothingHappened: false };
    const facts = { writes: subject.writes, idempotent: subject.tool?.idempotent === true };
    return { ok: false, failure: attemptFailed(result.thrown, trouble, facts), trouble, returned: false };
  }

  async #checkOutput(attempt: Attempt<LiveCall>, check: Check, output: unknown): Promise<void> {
    let checked: Checked;
    try {
      checked = await check(output);
    } catch (thrown) {
      checked = { ok: false, message: textOf(thrown, "the check failed without a message") };
    }
    const { writes } = attempt.subject;
    const end: AttemptEnd = checked.ok
      ? checked
      : { ok: false, failure: invalidOutput(checked.message, writes), trouble: undefined, returned: true };
    this.#host.stepWith(this.#end, attempt, end);
  }

  #begin(live: LiveCall, start: Start<LiveCall>): Attempt<LiveCall> {
    const tool = live.tool as Tool;
    const { clock, timers } = this.#host;
    // The tool before it may have taken its time before it first waited.
    clock.freeze();
    const now = clock.now();
    const number = ++live.attempts;
    const attempt = new Attempt(live, this, { number, startedAt: now, given: start });
    const before = live.state.at === "running" ? live.state.attempts : undefined;
    live.startedAt ??= now;
    live.moveTo({ at: "running", attempts: before === undefined ? [attempt] : [...before, attempt] });
    attempt.timer = timers.set(tool.timeoutMs ?? this.#options.timeoutMs, this.#timedOut, attempt);
    if (number === 1) this.#host.emitStarted(live, now);
    else this.#host.emitAgain(live, number, before === undefined ? "retry" : "hedge");
    if (live.writes) live.batch.scope.sharing.wrote(writtenBy(live.effects));
    if (this.#second.size > 0) this.#prepareSecond(live, number, now);
    return attempt;
  }

  #run(attempt: Attempt<LiveCall>): void {
    const { tool, input } = attempt.subject;
    const { events } = this.#host;
    if (events.isSurrounded) events.start([attempt], () => attempt.start(tool as Tool, input));
    else attempt.start(tool as Tool, input);
  }

  #prepareSecond(live: LiveCall, number: number, now: number): void {
    const second = this.#second.get(live.tool as Tool);
    if (second === undefined) return;
    if (number === 1) second.firstStarted(poolsOf(live), now);
    // Inside a call the loser would go on on a slot that is lent, and that its lender needs (G4).
    const single = live.writes || live.hedge !== undefined || live.batch.scope instanceof LentScope;
    const afterMs = single ? undefined : second.hedgeAfterMs();
    if (afterMs === undefined) return;
    const timer = this.#host.timers.set(afterMs, this.#slow, live);
    live.hedge = new Hedge(live.seq, timer, () => live.batch.startSoon(live));
  }

  readonly #slow = (live: LiveCall): void =>
    this.#host.step(() => {
      if (mayBeJoined(live.state) && live.lane !== undefined) live.hedge?.getInLine(live.lane);
    });

  #startHedge(live: LiveCall, state: CallState<LiveCall> & { readonly at: "running" }): void {
    const slots = live.hedge?.takeSlots();
    if (slots === undefined) return;
    live.hedge = undefined;
    const second = this.#second.get(live.tool as Tool);
    const now = this.#host.clock.now();
    const wanted = mayBeJoined(state) && this.#host.backEnds.refused(live) === undefined;
    if (wanted && second?.mayHedge(poolsOf(live), now) === true) {
      const tickets = this.#host.backEnds.attemptStarted(live);
      this.#run(this.#begin(live, { at: "starting", slots, tickets, gathering: undefined }));
    } else {
      for (const slot of slots) slot.give();
    }
  }

  readonly #timedOut = (attempt: Attempt<LiveCall>): void => {
    const live = attempt.subject;
    const timeoutMs = (live.tool as Tool).timeoutMs ?? this.#options.timeoutMs;
    const reason = new Cancellation("timeout", `${live.call.name} took more than ${timeoutMs} ms`);
    this.#host.step(() => {
      attempt.failure = timedOut(reason, live.reach);
      this.#abort(attempt, reason);
    });
  };

  #abort(attempt: Attempt<LiveCall>, reason: Cancellation): void {
    // One that has ended has nothing to stop: its call goes on in this very step.
    if (attempt.aborted || attempt.slots === undefined) return;
    attempt.timer?.clear();
    attempt.lent?.hurry();
    attempt.timer = this.#host.timers.set(this.#options.graceMs, this.#graceOver, attempt);
    attempt.abort(reason);
  }

  readonly #graceOver = (attempt: Attempt<LiveCall>): void => this.#host.step(() => this.#abandon(attempt));

  /** An attempt has ended. Its call may have been told to stop before, or have settled without it. */
  readonly #end = (attempt: Attempt<LiveCall>, end: AttemptEnd): void => {
    if (attempt.abandoned) {
      this.#abandoned--;
      return this.#stragglerStopped(attempt, end);
    }
    attempt.timer?.clear();
    attempt.giveSlots();
    const report = this.#tell(attempt, end);
    const live = attempt.subject;
    const { state } = live;
    if (state.at === "stopping") this.#lost(live, attempt, { failure: state.failure, report });
    else if (state.at !== "running") this.#stragglerStopped(attempt, end);
    else if (attempt.failure !== undefined) this.#lost(live, attempt, { failure: attempt.failure, report });
    else if (end.ok) this.#won(live, attempt, end.value);
    else this.#lost(live, attempt, { failure: end.failure, report });
  };

  /** Tells the back-end how an attempt ended, if anybody asks. */
  #tell(attempt: Attempt<LiveCall>, end: AttemptEnd | undefined): AttemptReport | undefined {
    const live = attempt.subject;
    if (live.pools.length === 0 && this.#second.size === 0) return undefined;
    // To its back-end, calls that run together are one.
    const quiet = attempt.given.gathering?.over === false;
    const report = { startedAt: attempt.startedAt, now: this.#host.clock.now(), ...sayOf(attempt, end) };
    this.#second.get(live.tool as Tool)?.ended(poolsOf(live), report);
    if (!quiet) this.#host.backEnds.attemptEnded(live, report, attempt.given.tickets);
    return report;
  }

  /** An attempt has gone well: the other one, if there is one, is not needed. */
  #won(live: LiveCall, winner: Attempt<LiveCall>, value: unknown): void {
    const now = this.#host.clock.now();
    live.hedge?.end();
    if (live.attempts > 1) this.#stopOthers(live, winner);
    this.#host.durations.note(live.tool as Tool, now - winner.startedAt);
    this.#host.settle(live, live.wentWell(value, now));
  }

  #stopOthers(live: LiveCall, winner: Attempt<LiveCall>): void {
    for (const other of live.state.at === "running" ? live.state.attempts : NO_ATTEMPTS) {
      if (other === winner) continue;
      live.batch.stragglerLeft();
      this.#abort(other, new Cancellation("shutdown", "another attempt of this call was faster"));
    }
  }

  /** An attempt has not gone well: its call waits for the other, is tried again, or has failed. */
  #lost(
    live: LiveCall,
    attempt: Attempt<LiveCall>,
    { failure, report }: { readonly failure: Failure; readonly report: AttemptReport | undefined },
  ): void {
    const { state } = live;
    if (state.at !== "running" && state.at !== "stopping") return;
    const others =
      state.attempts.length === 1 ? NO_ATTEMPTS : state.attempts.filter((one) => one !== attempt);
    if (others.length > 0) {
      this.#emitFailed(attempt, failure, undefined);
      return live.moveTo({ ...state, attempts: others });
    }
    live.hedge?.end();
    const retryInMs = state.at === "running" ? this.#retryInMs(live, report) : undefined;
    this.#emitFailed(attempt, failure, retryInMs);
    if (retryInMs === undefined) return this.#host.fail(live, failure);
    live.unsure ||= failure.error.mayHaveTakenEffect;
    live.hedge = undefined;
    live.moveTo({ at: "backing-off", failure });
    live.waitsAgain(this.#host.clock.now());
    live.timer = this.#host.timers.set(retryInMs, this.#tryAgain, live);
  }

  #retryInMs(live: LiveCall, report: AttemptReport | undefined): number | undefined {
    const second = this.#second.get(live.tool as Tool);
    if (second === undefined || report === undefined) return undefined;
    if (report.trouble?.retryable !== true && report.end !== "timed-out") return undefined;
    const endsAt = Math.min(live.deadline?.at ?? Infinity, live.batch.endsAt);
    const failed = { ...report, attempts: live.attempts, leftMs: endsAt - report.now };
    return second.retryInMs(poolsOf(live), failed);
  }

  readonly #tryAgain = (live: LiveCall): void =>
    this.#host.step(() => {
      if (live.state.at !== "backing-off") return;
      live.waited(this.#host.clock.now(), { for: "retry" });
      this.#host.makeReady(live);
    });

  /** The grace is over: nobody waits for the attempt any more. */
  #abandon(attempt: Attempt<LiveCall>): void {
    const live = attempt.subject;
    this.#abandoned++;
    attempt.giveSlots();
    this.#tell(attempt, undefined);
    // Its disposers run now, and may call back.
    attempt.abandon();
    const { state } = live;
    this.#host.emit(live, { type: "attempt.abandoned", call: live.key, attempt: attempt.number });
    if (state.at !== "running" && state.at !== "stopping") return;
    live.batch.stragglerLeft();
    const others = state.attempts.filter((one) => one !== attempt);
    if (others.length > 0) return live.moveTo({ ...state, attempts: others });
    live.hedge?.end();
    const failure = state.at === "stopping" ? state.failure : attempt.failure;
    this.#host.settle(live, live.wentWrong(failure as Failure, this.#host.clock.now()), "reads");
  }

  #stragglerStopped({ subject: live, number }: Attempt<LiveCall>, end: AttemptEnd): void {
    const returned = end.ok || end.returned;
    if (live.settled) live.locks?.release();
    this.#host.emit(live, { type: "attempt.stopped", call: live.key, attempt: number, returned });
    live.batch.stragglerStopped();
  }

  #emitFailed(
    { subject: live, number }: Attempt<LiveCall>,
    { error }: Failure,
    retryInMs: number | undefined,
  ): void {
    const failed = { type: "attempt.failed", call: live.key, attempt: number, error } as const;
    this.#host.emit(live, retryInMs === undefined ? failed : { ...failed, retryInMs });
  }
}

const NO_ATTEMPTS: readonly Attempt<LiveCall>[] = [];

/** With three at once, that all of them are slow by chance is rare enough. */
const MOST_AT_ONCE = 3;

/** Whether one more attempt may run beside those that do: all of them are still wanted. */
function mayBeJoined(state: CallState<LiveCall>): boolean {
  if (state.at !== "running" || state.attempts.length >= MOST_AT_ONCE) return false;
  return state.attempts.every(({ aborted }) => !aborted);
}

function soleAttempt(state: CallState<LiveCall>): Attempt<LiveCall> | undefined {
  return state.at === "running" && state.attempts.length === 1 ? state.attempts[0] : undefined;
}

/** How an attempt ended, as far as it says something of its back-end; without an `end` it was given up on. */
function sayOf(
  attempt: Attempt<LiveCall>,
  end: AttemptEnd | undefined,
): Pick<AttemptReport, "end" | "trouble"> {
  if (attempt.failure !== undefined) return { end: "timed-out", trouble: undefined };
  if (attempt.aborted || end === undefined) return { end: "stopped", trouble: undefined };
  return end.ok ? { end: "ok", trouble: undefined } : { end: "failed", trouble: end.trouble };
}

function poolsOf(live: LiveCall): readonly Pool[] {
  return live.pools.map(({ pool }) => pool);
}
