/**
 * The spans of all that happens in an executor, as it happens. What begins is told at once, in the context of who began it, so that
 * a span is there before anything can hang under it; the rest comes with the events.
 *
 * 1. Calls hang under their turn, beside its chat: the model's response is over before most of them run.
 * 2. While an attempt runs, its span is the current one.
 */
import type { Context, ContextAPI, TraceAPI } from "@opentelemetry/api";
import type { ExecutorEvent } from "../core/loop-event.ts";
import type { Beginning, StartingAttempt, Surroundings } from "../core/surroundings.ts";
import type { TracedRun, TracedTurn } from "../trace/trace.ts";
import { startingAttempt, type CallSpans } from "./call-spans.ts";
import { Family } from "./family.ts";
import { LiveSpan, type SpanSource } from "./live-span.ts";
import { attemptFacts, runFacts, type SpanOptions } from "./span-facts.ts";
import { addUp, type TimeFacts } from "./time-facts.ts";

/** What live spans are made with. */
export interface LiveSpansOptions {
  readonly trace: Pick<TraceAPI, "setSpan" | "getSpanContext">;
  readonly context: Pick<ContextAPI, "active" | "with">;
  readonly options: SpanOptions;
  /** Spans that start now: the calendar and the executor's clock are set side by side anew. */
  readonly source: () => SpanSource;
}

interface RunSpan {
  readonly live: LiveSpan;
  readonly context: Context;
  readonly source: SpanSource;
  traced: TracedRun;
  /** Those of its turns that are over, and where their time went. */
  readonly turns: TracedTurn[];
  readonly times: TimeFacts[];
}

/** In the context of an attempt: which one it is. */
const ATTEMPT = Symbol("tutti.attempt");

/** Spans that are being made. */
export class LiveSpans implements Surroundings {
  readonly #made: LiveSpansOptions;
  readonly #runs = new Map<string, RunSpan>();
  readonly #families = new Set<Family>();
  readonly #turns = new Map<string, Family>();
  readonly #batches = new Map<string, { readonly family: Family; readonly parent: Context }>();
  readonly #calls = new Map<string, { readonly family: Family; readonly spans: CallSpans }>();

  constructor(options: LiveSpansOptions) {
    this.#made = options;
  }

  began(event: Beginning): void {
    switch (event.type) {
      case "run.started":
        return this.#startRun(event);
      case "turn.started":
        return this.#startTurn(event);
      case "batch.opened":
        return this.#openBatch(event);
      case "call.queued":
        return this.#queueCall(event);
    }
  }

  around(attempts: readonly StartingAttempt[], start: () => void): void {
    const [first, ...others] = attempts;
    const context = first && this.#startAttempt(first, undefined);
    if (first === undefined || context === undefined) return start();
    const leader = this.#calls.get(first.key)?.spans.spanOf(first.number);
    for (const attempt of others) this.#startAttempt(attempt, leader);
    if (others.length > 0) leader?.set({ "tutti.gathered": attempts.length });
    this.#made.context.with(context, start);
  }

  traceparent(call: string, attempt: number): string | undefined {
    const context = this.#calls.get(call)?.spans.contextOf(attempt);
    const span = context && this.#made.trace.getSpanContext(context);
    // Where no SDK is registered there is a span that is none.
    if (span === undefined || /^0*$/.test(span.traceId) || /^0*$/.test(span.spanId)) return undefined;
    return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
  }

  /** Takes an event; what begins has been told before. */
  hear(event: ExecutorEvent): void {
    switch (event.type) {
      case "run.started":
      case "turn.started":
      case "batch.opened":
      case "call.queued":
        return;
      case "run.ended":
        return this.#endRun(event);
      case "turn.text":
      case "turn.answered":
        return;
      case "turn.ended":
      case "turn.broken": {
        const family = this.#turns.get(turnKey(event));
        family?.read(event);
        family?.turnEnded(event.at);
        return this.#letGo(family);
      }
      case "batch.closed": {
        const family = this.#batches.get(event.batch)?.family;
        family?.read(event);
        family?.batchClosed(event);
        return this.#letGo(family);
      }
      case "call.started":
      case "call.progress":
      case "call.settled":
      case "attempt.started":
      case "attempt.failed":
      case "attempt.abandoned":
      case "attempt.stopped":
        return this.#hearOfCall(event);
    }
  }

  /** Ends whatever is open. */
  cutOff(at: number): void {
    for (const family of this.#families) family.cutOff(at);
    for (const run of this.#runs.values()) this.#end(run, at);
    for (const known of [this.#runs, this.#families, this.#turns, this.#batches, this.#calls]) known.clear();
  }

  #startRun({ run, at }: Extract<Beginning, { type: "run.started" }>): void {
    const { context, options } = this.#made;
    const source = this.#made.source();
    const traced: TracedRun = { name: run, fromMs: at, toMs: undefined, status: "going" };
    const parent = context.active();
    const live = new LiveSpan(source, runFacts(traced, { turns: [], time: undefined }, options), {
      at,
      parent,
    });
    this.#runs.set(run, { live, context: this.#within(parent, live), source, traced, turns: [], times: [] });
  }

  #endRun({ run: name, at, status }: Extract<ExecutorEvent, { type: "run.ended" }>): void {
    const run = this.#runs.get(name);
    if (run === undefined) return;
    this.#runs.delete(name);
    for (const family of this.#families) {
      if (family.run !== name) continue;
      // A model that could not even be asked.
      family.turnEnded(at);
      this.#letGo(family);
    }
    run.traced = { ...run.traced, status };
    this.#end(run, at);
  }

  #end({ live, traced, turns, times }: RunSpan, at: number): void {
    live.end(at, () => {
      // Where a sampler drops turns, nobody looked at what they came to.
      const time = times.length === turns.length ? addUp(times, at - traced.fromMs) : undefined;
      return runFacts(traced, { turns, time }, this.#made.options);
    });
  }

  #startTurn(event: Extract<Beginning, { type: "turn.started" }>): void {
    const run = event.run === undefined ? undefined : this.#runs.get(event.run);
    const family = this.#createFamily(run, event.run);
    family.turnStarted(event);
    this.#families.add(family);
    this.#turns.set(turnKey(event), family);
  }

  #openBatch(event: Extract<Beginning, { type: "batch.opened" }>): void {
    const { batch, parent, attempt, turn, run } = event;
    const active = this.#made.context.active();
    const around = parent === undefined ? undefined : this.#calls.get(parent);
    if (around !== undefined) {
      const isWithin = active.getValue(ATTEMPT) === attemptKey(parent as string, attempt);
      const context = isWithin ? active : around.spans.contextOf(attempt ?? 1);
      this.#batches.set(batch, { family: around.family, parent: context ?? around.spans.context });
      return around.family.batchOpened(event);
    }
    const known = turn === undefined ? undefined : this.#turns.get(turnKey({ run, turn }));
    const family = known ?? this.#createFamily(undefined, run);
    this.#families.add(family);
    this.#batches.set(batch, { family, parent: family.around });
    family.batchOpened(event);
  }

  #createFamily(run: RunSpan | undefined, name: string | undefined): Family {
    const { options, source, context } = this.#made;
    return new Family({
      source: run?.source ?? source(),
      options,
      parent: run?.context ?? context.active(),
      run: name,
      within: (around, live) => this.#within(around, live),
      onTurnOver: (turn, time) => {
        // Without its text, which nobody reads any more.
        run?.turns.push({ ...turn, text: "" });
        if (time !== undefined) run?.times.push(time);
      },
    });
  }

  #queueCall(event: Extract<Beginning, { type: "call.queued" }>): void {
    const batch = this.#batches.get(event.batch);
    if (batch === undefined) return;
    const { key } = event.call;
    const wrapper = this.#calls.get(key.slice(0, key.lastIndexOf(".")));
    const { family } = batch;
    const parent = wrapper?.spans.context ?? batch.parent;
    const spans = family.callQueued(event, parent);
    this.#calls.set(key, { family, spans });
  }

  /** Starts the span of an attempt; returns the context in which it runs. `leader` is the one that it runs together with. */
  #startAttempt(
    { key, number, startedAt }: StartingAttempt,
    leader: LiveSpan | undefined,
  ): Context | undefined {
    const known = this.#calls.get(key);
    if (known === undefined) return undefined;
    const { family, spans } = known;
    const facts = attemptFacts(startingAttempt(number), spans.traced, this.#made.options);
    const links = leader === undefined ? [] : [{ context: leader.span.spanContext() }];
    const live = family.startSpan(facts, { at: startedAt, parent: spans.context, links });
    // What else is in the context in which its batch was opened is the tool's as well.
    const context = this.#within(this.#made.context.active(), live).setValue(
      ATTEMPT,
      attemptKey(key, number),
    );
    spans.attemptStarted(number, live, context);
    return context;
  }

  #hearOfCall(event: Extract<ExecutorEvent, { call: string }>): void {
    const known = this.#calls.get(event.call);
    if (known === undefined) return;
    const { family, spans } = known;
    family.read(event);
    if (event.type === "call.settled") spans.settled(event.at);
    else if (event.type === "attempt.abandoned") spans.attemptAbandoned(event.attempt);
    else if (event.type === "attempt.failed" || event.type === "attempt.stopped")
      spans.attemptEnded(event.attempt, event.at);
    else return;
    this.#letGo(family);
  }

  #within(parent: Context, { span }: LiveSpan): Context {
    return this.#made.trace.setSpan(parent, span);
  }

  /** Forgets a family of which nothing goes on. */
  #letGo(family: Family | undefined): void {
    if (family?.isOver !== true || !this.#families.delete(family)) return;
    const { turn } = family;
    for (const batch of family.batches) this.#batches.delete(batch);
    for (const key of family.spans.keys()) this.#calls.delete(key);
    if (turn?.turn === undefined) return;
    const key = turnKey({ run: turn.run, turn: turn.turn });
    if (this.#turns.get(key) === family) this.#turns.delete(key);
  }
}

function turnKey({ run, turn }: { readonly run?: string | undefined; readonly turn: number }): string {
  return `${run ?? ""}/${turn}`;
}

function attemptKey(call: string, attempt: number | undefined): string {
  return `${call}#${attempt ?? 1}`;
}
