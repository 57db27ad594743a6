/**
 * Reads a trace off events: those that a listener of an executor hears, those of a run, or the lines of a file. It bears a
 * beginning or an end that is missing, so that it can be asked at any moment of a trace that goes on.
 *
 * 1. The stretches of a call follow one another without a gap, from its arrival to its end.
 */
import type { BatchEvent, Wait } from "../core/event.ts";
import type { LoopEvent } from "../core/loop-event.ts";
import type { Outcome } from "../core/outcome.ts";
import type { TraceEvent } from "./trace-event.ts";
import type {
  Stretch,
  Trace,
  TracedAttempt,
  TracedCall,
  TracedExecutor,
  TracedRun,
  TracedTurn,
} from "./trace.ts";

/** Reads the events of a trace. */
export function readTrace(events: Iterable<TraceEvent>): Trace {
  const reader = new TraceReader();
  for (const event of events) reader.read(event);
  return reader.trace;
}

type Open<Type> = { -readonly [Field in keyof Type]: Type[Field] };
type OpenCall = Open<Omit<TracedCall, "stretches" | "attempts" | "progress">> & {
  stretches: Open<Stretch>[];
  attempts: Open<TracedAttempt>[];
  progress: { atMs: number; value: unknown }[];
};
type EventOf<Type extends TraceEvent["type"]> = Extract<TraceEvent, { type: Type }>;

/** Reads events as they come. What it hands out is the same object each time, which grows. */
export class TraceReader {
  #startedAt: number | undefined;
  #startedOn: number | undefined;
  #endMs = 0;
  #executor: TracedExecutor | undefined;
  readonly #runs: Open<TracedRun>[] = [];
  readonly #turns: Open<TracedTurn>[] = [];
  readonly #calls: OpenCall[] = [];
  readonly #callsByKey = new Map<string, OpenCall>();
  /** The last turn of each run and number. */
  readonly #turnsByKey = new Map<string, Open<TracedTurn>>();
  /** The turn of a batch, or the call around it. */
  readonly #batches = new Map<string, { turn?: Open<TracedTurn>; parent?: string }>();

  /** What was read so far. */
  get trace(): Trace {
    return {
      startedAt: this.#startedAt ?? 0,
      startedOn: this.#startedOn,
      endMs: this.#endMs,
      executor: this.#executor,
      runs: this.#runs,
      turns: this.#turns,
      calls: this.#calls,
    };
  }

  /** Takes the next event. One that it does not know changes nothing. */
  read(event: TraceEvent): void {
    this.#startedAt ??= event.at;
    const now = event.at - this.#startedAt;
    this.#endMs = Math.max(this.#endMs, now);
    if (event.type === "trace.opened") {
      this.#startedOn = Date.parse(event.time);
      this.#executor = event.executor;
    } else if ("call" in event) this.#readCall(event, now);
    else this.#readTurn(event, now);
  }

  #readTurn(event: LoopEvent | Exclude<BatchEvent, { call: unknown }>, now: number): void {
    switch (event.type) {
      case "run.started":
        this.#runs.push({ name: event.run, fromMs: now, toMs: undefined, status: "going" });
        return;
      case "run.ended": {
        const run = this.#runs.findLast(({ name }) => name === event.run);
        if (run !== undefined) Object.assign(run, { toMs: now, status: event.status });
        return;
      }
      case "turn.started":
        this.#startTurn(event, now);
        return;
      case "turn.text": {
        const turn = this.#turnsByKey.get(turnKey(event));
        if (turn !== undefined) turn.text += event.text;
        return;
      }
      case "turn.ended": {
        const turn = this.#turnsByKey.get(turnKey(event));
        if (turn === undefined) return;
        Object.assign(turn, { modelToMs: now, status: "ended", stop: event.stop, usage: event.usage });
        return;
      }
      case "turn.broken": {
        const turn = this.#turnsByKey.get(turnKey(event));
        if (turn === undefined) return;
        const { name, message } = event.error;
        Object.assign(turn, { status: "broken", error: { name, message } });
        turn.modelToMs ??= now;
        turn.toMs = Math.max(now, turn.toMs ?? now);
        return;
      }
      case "turn.answered":
        for (const { call, result } of event.answers) {
          const answered = this.#callsByKey.get(call);
          if (answered !== undefined) answered.answer = result;
        }
        return;
      case "batch.opened":
        this.#openBatch(event, now);
        return;
      case "batch.closed": {
        const turn = this.#batches.get(event.batch)?.turn;
        if (turn === undefined) return;
        turn.toMs = now;
        if (turn.turn === undefined) turn.status = "ended";
        return;
      }
    }
  }

  #startTurn(event: EventOf<"turn.started">, now: number): void {
    const key = turnKey(event);
    const again = this.#turns.filter((turn) => turn.run === event.run && turn.turn === event.turn).length;
    const turn = this.#addTurn(again === 0 ? key : `${key}/${again + 1}`, now);
    turn.run = event.run;
    turn.turn = event.turn;
    turn.wire = event.wire;
    turn.model = event.model;
    this.#turnsByKey.set(key, turn);
  }

  #addTurn(key: string, now: number): Open<TracedTurn> {
    const turn: Open<TracedTurn> = {
      key,
      run: undefined,
      turn: undefined,
      wire: undefined,
      model: undefined,
      batch: undefined,
      fromMs: now,
      modelToMs: undefined,
      toMs: undefined,
      status: "going",
      stop: undefined,
      usage: undefined,
      text: "",
      error: undefined,
    };
    this.#turns.push(turn);
    return turn;
  }

  #openBatch({ batch, parent, run, turn: number }: EventOf<"batch.opened">, now: number): void {
    if (parent !== undefined) {
      this.#batches.set(batch, { parent });
      return;
    }
    const known = number === undefined ? undefined : this.#turnsByKey.get(turnKey({ run, turn: number }));
    // A batch of its own, or one of a trace whose beginning is missing.
    const turn = known?.batch === undefined && known !== undefined ? known : this.#addTurn(batch, now);
    turn.batch = batch;
    this.#batches.set(batch, { turn });
  }

  #readCall(event: Extract<BatchEvent, { call: unknown }>, now: number): void {
    if (event.type === "call.queued") return this.#queue(event, now);
    const call = this.#callsByKey.get(event.call);
    if (call === undefined) return;
    switch (event.type) {
      case "call.started":
        call.startedMs = now;
        call.pools = event.pools ?? [];
        explain(call, event.waits, now);
        run(call, now);
        call.attempts.push(attemptOf(1, "first", now));
        return;
      case "call.progress":
        call.progress.push({ atMs: now, value: event.value });
        return;
      case "attempt.started":
        call.attempts.push(attemptOf(event.attempt, event.as, now));
        if (event.as === "hedge") return;
        explain(call, event.waits, now);
        run(call, now);
        return;
      case "attempt.failed":
        endAttempt(call, event.attempt, { toMs: now, status: "failed", error: event.error });
        if (event.retryInMs !== undefined) failed(call, now);
        return;
      case "attempt.abandoned":
        endAttempt(call, event.attempt, { abandonedMs: now, status: "abandoned" });
        return;
      case "attempt.stopped": {
        const attempt = attemptNumbered(call, event.attempt);
        const status =
          attempt?.status === "abandoned" ? "abandoned" : call.status === "ok" ? "lost" : "stopped";
        endAttempt(call, event.attempt, { toMs: now, status });
        return;
      }
      case "call.settled":
        settle(call, event, now);
    }
  }

  #queue({ batch, call }: EventOf<"call.queued">, now: number): void {
    const of = this.#batches.get(batch);
    const wrapper = this.#callsByKey.get(call.key.slice(0, call.key.lastIndexOf(".")));
    if (wrapper !== undefined) Object.assign(wrapper, { isWrapper: true, stretches: [] });
    const parent = wrapper ?? this.#callsByKey.get(of?.parent ?? "");
    const queued: OpenCall = {
      key: call.key,
      call,
      batch,
      turn: of?.turn?.key ?? parent?.turn,
      parent: parent?.key,
      depth: parent === undefined ? 0 : parent.depth + 1,
      isWrapper: false,
      queuedMs: now,
      startedMs: undefined,
      settledMs: undefined,
      stretches: [{ kind: "wait", wait: { for: "unknown" }, fromMs: now, toMs: undefined }],
      attempts: [],
      pools: [],
      status: "going",
      output: undefined,
      error: undefined,
      answer: undefined,
      progress: [],
    };
    this.#calls.push(queued);
    this.#callsByKey.set(call.key, queued);
  }
}

function turnKey({ run, turn }: { readonly run?: string | undefined; readonly turn: number }): string {
  return run === undefined ? `t${turn}` : `${run}/${turn}`;
}

function attemptOf(number: number, as: TracedAttempt["as"], fromMs: number): Open<TracedAttempt> {
  return { number, as, fromMs, toMs: undefined, abandonedMs: undefined, status: "going", error: undefined };
}

function attemptNumbered(call: OpenCall, number: number): Open<TracedAttempt> | undefined {
  return call.attempts.find((attempt) => attempt.number === number);
}

function endAttempt(call: OpenCall, number: number, end: Partial<TracedAttempt>): void {
  const attempt = attemptNumbered(call, number);
  if (attempt !== undefined) Object.assign(attempt, end);
}

/** Times that are added up are this exact: a nanosecond. */
const ROUNDING_MS = 1e-6;

/** Puts what a wait was made of in its place. What the waits leave of it is unknown. */
function explain(call: OpenCall, waits: readonly Wait[], now: number): void {
  const last = call.stretches.at(-1);
  if (last?.kind !== "wait" || last.toMs !== undefined) return;
  call.stretches.pop();
  let fromMs = last.fromMs;
  for (const { ms, ...wait } of waits) {
    const toMs = Math.min(now, fromMs + ms);
    if (toMs > fromMs) call.stretches.push({ kind: "wait", wait, fromMs, toMs });
    fromMs = toMs;
  }
  if (now - fromMs > ROUNDING_MS)
    call.stretches.push({ kind: "wait", wait: { for: "unknown" }, fromMs, toMs: now });
  else if (call.stretches.length > 0) (call.stretches.at(-1) as Open<Stretch>).toMs = now;
}

function run(call: OpenCall, now: number): void {
  call.stretches.push({ kind: "running", fromMs: now, toMs: undefined });
}

/** A call that ran, in vain, waits again. */
function failed(call: OpenCall, now: number): void {
  const last = call.stretches.at(-1);
  if (last?.kind !== "running") return;
  call.stretches[call.stretches.length - 1] = { kind: "failed", fromMs: last.fromMs, toMs: now };
  call.stretches.push({ kind: "wait", wait: { for: "unknown" }, fromMs: now, toMs: undefined });
}

function settle(call: OpenCall, { outcome, waits }: EventOf<"call.settled">, now: number): void {
  if (!call.isWrapper) {
    explain(call, waits ?? [], now);
    const last = call.stretches.at(-1);
    if (last !== undefined) last.toMs ??= now;
  }
  call.settledMs = now;
  call.status = outcome.status;
  call.output = outcome.output;
  call.error = outcome.error;
  // What was asked for may have held references: here are their values.
  call.call = outcome.call ?? call.call;
  // Of two that run, the one that lost is told of when it stops.
  for (const attempt of call.attempts)
    if (attempt.status === "going") Object.assign(attempt, { toMs: now, ...endOf(outcome) });
}

function endOf({ status, error }: Outcome): Pick<TracedAttempt, "status" | "error"> {
  if (status === "ok") return { status: "ok", error: undefined };
  return { status: status === "cancelled" ? "stopped" : "failed", error };
}
