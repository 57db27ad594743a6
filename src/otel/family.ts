/**
 * A turn and its calls, or a batch that belongs to no turn: what is read of it, and its spans. It is let go when nothing of it goes
 * on, so that a process that never ends keeps nothing.
 */
import type { Context } from "@opentelemetry/api";
import type { Beginning } from "../core/surroundings.ts";
import type { ExecutorEvent } from "../core/loop-event.ts";
import { TraceReader } from "../trace/read-trace.ts";
import type { TracedCall, TracedTurn } from "../trace/trace.ts";
import { CallSpans } from "./call-spans.ts";
import { LiveSpan, type SpanSource } from "./live-span.ts";
import { callFacts, chatFacts, turnFacts, type SpanFacts, type SpanOptions } from "./span-facts.ts";
import { timeOf, type TimeFacts } from "./time-facts.ts";

/** What a family's spans are made with. */
export interface FamilyOptions {
  readonly source: SpanSource;
  readonly options: SpanOptions;
  /** Where its turn hangs, or, without a turn, its calls. */
  readonly parent: Context;
  /** A context in which a span is the current one. */
  readonly within: (context: Context, live: LiveSpan) => Context;
  /** Its turn is over; nobody looked at its time if that is undefined. */
  readonly onTurnOver: (turn: TracedTurn, time: TimeFacts | undefined) => void;
  /** The run that its turn is of. */
  readonly run: string | undefined;
}

/** A turn or a batch. */
export class Family {
  readonly run: string | undefined;
  readonly batches = new Set<string>();
  readonly spans = new Map<string, CallSpans>();
  readonly #made: FamilyOptions;
  /** Where its calls hang. */
  #around: Context;
  readonly #reader = new TraceReader();
  readonly #calls = new Map<string, TracedCall>();
  #turn: { readonly traced: TracedTurn; readonly live: LiveSpan; readonly chat: LiveSpan } | undefined;
  /** Batches that are open: its own, and those that its calls make inside themselves. */
  readonly #open = new Set<string>();
  readonly #openInside = new Set<string>();

  constructor(made: FamilyOptions) {
    this.#made = made;
    this.#around = made.parent;
    this.run = made.run;
  }

  get turn(): TracedTurn | undefined {
    return this.#turn?.traced;
  }

  /** Where its calls hang. */
  get around(): Context {
    return this.#around;
  }

  /** Whether nothing of it goes on. */
  get isOver(): boolean {
    if (this.#open.size + this.#openInside.size > 0 || this.#turn?.live.isOpen === true) return false;
    for (const spans of this.spans.values()) if (spans.isOpen) return false;
    return true;
  }

  read(event: ExecutorEvent): void {
    this.#reader.read(event);
  }

  turnStarted(event: Extract<Beginning, { type: "turn.started" }>): void {
    const { source, options, parent, within } = this.#made;
    this.#reader.read(event);
    const traced = this.#reader.trace.turns.at(-1) as TracedTurn;
    const { at } = event;
    const live = new LiveSpan(source, turnFacts(traced, undefined, options), { at, parent });
    try {
      const around = within(parent, live);
      const chat = new LiveSpan(source, chatFacts(traced, options), { at, parent: around });
      this.#turn = { traced, live, chat };
      this.#around = around;
    } catch (error) {
      // Half a turn is none.
      live.end(at, () => turnFacts(traced, undefined, options));
      throw error;
    }
  }

  /** The model has stopped, or its response has broken off. */
  turnEnded(at: number): void {
    if (this.#turn === undefined) return;
    const { traced, chat } = this.#turn;
    chat.end(at, () => chatFacts(traced, this.#made.options));
    this.#endTurn(at);
  }

  batchOpened(event: Extract<Beginning, { type: "batch.opened" }>): void {
    this.batches.add(event.batch);
    (event.parent === undefined ? this.#open : this.#openInside).add(event.batch);
    this.#reader.read(event);
  }

  batchClosed({ batch, at }: Extract<ExecutorEvent, { type: "batch.closed" }>): void {
    this.#open.delete(batch);
    this.#openInside.delete(batch);
    this.#endTurn(at);
  }

  /** A call has come; `parent` is where it hangs. */
  callQueued(event: Extract<Beginning, { type: "call.queued" }>, parent: Context): CallSpans {
    const { source, options, within } = this.#made;
    this.#reader.read(event);
    const traced = this.#reader.trace.calls.at(-1) as TracedCall;
    this.#calls.set(traced.key, traced);
    const live = new LiveSpan(source, callFacts(traced, this.#calls, options), { at: event.at, parent });
    const made = { options, calls: this.#calls, context: within(parent, live) };
    const spans = new CallSpans(traced, live, made);
    this.spans.set(traced.key, spans);
    return spans;
  }

  /** Starts a span of its own. */
  startSpan(facts: SpanFacts, start: ConstructorParameters<typeof LiveSpan>[2]): LiveSpan {
    return new LiveSpan(this.#made.source, facts, start);
  }

  /** Ends all of it, though it goes on. */
  cutOff(at: number): void {
    for (const spans of this.spans.values()) spans.cutOff(at);
    this.#open.clear();
    this.turnEnded(at);
  }

  /** Ends the turn's span, once the model has stopped and the last result is there. */
  #endTurn(at: number): void {
    if (this.#turn === undefined) return;
    const { traced, live, chat } = this.#turn;
    if (!live.isOpen || chat.isOpen || this.#open.size > 0) return;
    const { trace } = this.#reader;
    const time = live.isRecorded ? timeOf(trace) : undefined;
    live.end(at, () => turnFacts(traced, time && { trace, time }, this.#made.options));
    this.#made.onTurnOver(traced, time);
  }
}
