/**
 * Reads a trace off events: those that a listener of an executor hears, those of a run, or the lines of a file. It bears a
 * beginning or an end that is missing, so that it can be asked at any moment of a trace that goes on.
 */
import type { BatchEvent } from "../core/event.ts";
import type { LoopEvent } from "../core/loop-event.ts";
import { openCall, readCallEvent, type Open, type OpenCall } from "./read-call.ts";
import type { TraceEvent, TraceOpened } from "./trace-event.ts";
import type { Trace, TracedExecutor, TracedRun, TracedTurn, ThrownFacts } from "./trace.ts";

/** Reads the events of a trace. */
export function readTrace(events: Iterable<TraceEvent>): Trace {
  const reader = new TraceReader();
  for (const event of events) reader.read(event);
  return reader.trace;
}

type EventOf<Type extends TraceEvent["type"]> = Extract<TraceEvent, { type: Type }>;

/** Reads events as they come. What it hands out holds the same lists each time, which grow. */
export class TraceReader {
  #startedAt: number | undefined;
  #startedOn: number | undefined;
  #endMs = 0;
  #executor: TracedExecutor | undefined;
  #runs: Open<TracedRun>[] = [];
  #turns: Open<TracedTurn>[] = [];
  #calls: OpenCall[] = [];
  readonly #callsByKey = new Map<string, OpenCall>();
  /** The last turn of each run and number. */
  readonly #turnsByKey = new Map<string, Open<TracedTurn>>();
  /** The turn of a batch, or the call around it. */
  readonly #batches = new Map<
    string,
    { turn?: Open<TracedTurn>; parent?: string; attempt?: number | undefined }
  >();

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

  /** Takes the next event. One that it does not know changes nothing; where another trace begins, what was before is forgotten. */
  read(event: TraceEvent): void {
    if (event.type === "trace.opened" && this.#startedAt !== undefined) this.#begin();
    this.#startedAt ??= event.at;
    const now = event.at - this.#startedAt;
    this.#endMs = Math.max(this.#endMs, now);
    if (event.type === "trace.opened") {
      this.#startedOn = startOf(event);
      this.#executor = event.executor;
    } else if ("call" in event) this.#readCall(event, now);
    else this.#readTurn(event, now);
  }

  #begin(): void {
    [this.#startedAt, this.#startedOn, this.#endMs, this.#executor] = [undefined, undefined, 0, undefined];
    [this.#runs, this.#turns, this.#calls] = [[], [], []];
    for (const known of [this.#callsByKey, this.#turnsByKey, this.#batches]) known.clear();
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
        const { stop, usage, model } = event;
        Object.assign(turn, { modelToMs: now, status: "ended", stop, usage, responseModel: model });
        return;
      }
      case "turn.broken": {
        const turn = this.#turnsByKey.get(turnKey(event));
        if (turn === undefined) return;
        Object.assign(turn, { status: "broken", error: thrownFacts(event.error) });
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
    const again = this.#turnsByKey.has(key)
      ? this.#turns.filter((turn) => turn.run === event.run && turn.turn === event.turn).length
      : 0;
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
      responseModel: undefined,
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

  #openBatch({ batch, parent, attempt, run, turn: number }: EventOf<"batch.opened">, now: number): void {
    if (parent !== undefined) {
      this.#batches.set(batch, { parent, attempt });
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
    readCallEvent(call, event, now);
  }

  #queue({ batch, call }: EventOf<"call.queued">, now: number): void {
    const of = this.#batches.get(batch);
    const wrapper = this.#callsByKey.get(call.key.slice(0, call.key.lastIndexOf(".")));
    if (wrapper !== undefined) Object.assign(wrapper, { isWrapper: true, stretches: [] });
    const parent = wrapper ?? this.#callsByKey.get(of?.parent ?? "");
    const queued = openCall({
      call,
      batch,
      turn: of?.turn?.key ?? parent?.turn,
      parent: parent?.key,
      parentAttempt: wrapper === undefined ? of?.attempt : undefined,
      depth: parent === undefined ? 0 : parent.depth + 1,
      queuedMs: now,
    });
    this.#calls.push(queued);
    this.#callsByKey.set(call.key, queued);
  }
}

/** A file may not say when it was. */
function startOf({ time }: Partial<TraceOpened>): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

function thrownFacts({ name, message, code, by }: ThrownFacts): ThrownFacts {
  return { name, message, ...(code !== undefined && { code }), ...(by !== undefined && { by }) };
}

function turnKey({ run, turn }: { readonly run?: string | undefined; readonly turn: number }): string {
  return run === undefined ? `t${turn}` : `${run}/${turn}`;
}
