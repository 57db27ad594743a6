/**
 * A turn and its calls, or a batch that belongs to no turn: what is read of it, and its spans. It is let go when nothing of it goes
 * on, so that a process that never ends keeps nothing.
 */
import type { Context, Link } from "@opentelemetry/api";
import type { Beginning } from "../core/surroundings.ts";
import type { ExecutorEvent } from "../core/loop-event.ts";
import { TraceReader } from "../trace/read-trace.ts";
import type { TracedCall, TracedTurn } from "../trace/trace.ts";
import { CallSpans } from "./call-spans.ts";
import { LiveSpan, type SpanSource } from "./live-span.ts";
import { callFacts, turnFacts, type SpanFacts, type SpanOptions } from "./span-facts.ts";

/** What a family's spans are made with. */
export interface FamilyOptions {
  readonly source: SpanSource;
  readonly options: SpanOptions;
  /** Where its turn and its calls hang. */
  readonly parent: Context;
  /** The run that its turn is of. */
  readonly run: string | undefined;
}

/** A turn or a batch. */
export class Family {
  readonly parent: Context;
  readonly run: string | undefined;
  readonly batches = new Set<string>();
  readonly spans = new Map<string, CallSpans>();
  readonly #source: SpanSource;
  readonly #options: SpanOptions;
  readonly #reader = new TraceReader();
  readonly #calls = new Map<string, TracedCall>();
  #turn: TracedTurn | undefined;
  #chat: LiveSpan | undefined;
  #openBatches = 0;

  constructor({ source, options, parent, run }: FamilyOptions) {
    this.#source = source;
    this.#options = options;
    this.parent = parent;
    this.run = run;
  }

  get turn(): TracedTurn | undefined {
    return this.#turn;
  }

  /** Whether nothing of it goes on. */
  get isOver(): boolean {
    if (this.#openBatches > 0 || this.#chat?.isOpen === true) return false;
    for (const spans of this.spans.values()) if (spans.isOpen) return false;
    return true;
  }

  read(event: ExecutorEvent): void {
    this.#reader.read(event);
  }

  turnStarted(event: Extract<Beginning, { type: "turn.started" }>): void {
    this.#reader.read(event);
    this.#turn = this.#reader.trace.turns.at(-1) as TracedTurn;
    this.#chat = new LiveSpan(this.#source, turnFacts(this.#turn, this.#options), {
      at: event.at,
      parent: this.parent,
    });
  }

  /** The model has stopped, or its response has broken off. */
  turnEnded(at: number): void {
    this.#chat?.end(at, () => turnFacts(this.#turn as TracedTurn, this.#options));
  }

  batchOpened(event: Extract<Beginning, { type: "batch.opened" }>): void {
    this.batches.add(event.batch);
    this.#openBatches++;
    this.#reader.read(event);
  }

  batchClosed(): void {
    this.#openBatches--;
  }

  /** A call has come; `parent` is where it hangs, `within` makes a context whose span is the one that it is given. */
  callQueued(
    event: Extract<Beginning, { type: "call.queued" }>,
    parent: Context,
    within: (parent: Context, live: LiveSpan) => Context,
  ): CallSpans {
    this.#reader.read(event);
    const traced = this.#reader.trace.calls.at(-1) as TracedCall;
    this.#calls.set(traced.key, traced);
    const live = new LiveSpan(this.#source, callFacts(traced, this.#calls, this.#options), {
      at: event.at,
      parent,
      links: this.#linkToChat(),
    });
    const context = within(parent, live);
    const spans = new CallSpans(traced, live, { options: this.#options, calls: this.#calls, context });
    this.spans.set(traced.key, spans);
    return spans;
  }

  /** Starts a span of its own. */
  startSpan(facts: SpanFacts, start: ConstructorParameters<typeof LiveSpan>[2]): LiveSpan {
    return new LiveSpan(this.#source, facts, start);
  }

  /** Ends all of it, though it goes on. */
  cutOff(at: number): void {
    this.turnEnded(at);
    for (const spans of this.spans.values()) spans.cutOff(at);
  }

  #linkToChat(): Link[] {
    return this.#chat === undefined ? [] : [{ context: this.#chat.span.spanContext() }];
  }
}
