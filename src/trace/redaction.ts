/** Events without their content, or with what stands for it. */
import type { BatchEvent, Wait } from "../core/event.ts";
import type { LoopEvent } from "../core/loop-event.ts";
import type { Outcome } from "../core/outcome.ts";
import type { EncodedResult, ResultPart } from "../core/result.ts";
import type { ContentPlace, Redact } from "./content.ts";
import { Redactor } from "./redactor.ts";
import type { TraceEvent } from "./trace-event.ts";

/** Batches that are closed, and of which it may yet be told what the model reads. Of one that was void that never comes. */
const MOST_CLOSED = 1_000;

/** Redacts the events of one trace, in their order. */
export class Redaction {
  readonly #redact: Redact;
  #redactor: Redactor;
  /** The tool of each call that may yet be told of, and its batch. */
  readonly #calls = new Map<string, { readonly tool: string; readonly batch: string }>();
  /** The calls of each batch, and whether a turn is to tell of them behind its end. */
  readonly #batches = new Map<string, { readonly calls: string[]; readonly isOfTurn: boolean }>();
  readonly #closed = new Set<string>();

  constructor(redact: Redact) {
    this.#redact = redact;
    this.#redactor = new Redactor(redact, undefined);
  }

  /** The event as it may be written. The event itself stays as it is. */
  redact(event: TraceEvent): TraceEvent {
    if (event.type === "trace.opened") {
      this.#redactor = new Redactor(this.#redact, event.executor);
      return event;
    }
    return "call" in event ? this.#ofCall(event) : this.#ofTurn(event);
  }

  #ofCall(event: Extract<BatchEvent, { call: unknown }>): TraceEvent {
    switch (event.type) {
      case "call.queued": {
        const { call } = event;
        this.#calls.set(call.key, { tool: call.name, batch: event.batch });
        this.#redactor.noteTool(call.name);
        this.#batches.get(event.batch)?.calls.push(call.key);
        return {
          ...event,
          call: { ...call, input: this.#redactor.content(call.input, this.#at("input", call.key)) },
        };
      }
      case "call.started": {
        const pools = event.pools?.map((pool) => this.#redactor.pool(pool, this.#of(event.call)));
        return { ...event, waits: this.#waits(event.waits, event.call), ...(pools && { pools }) };
      }
      case "attempt.started":
        return { ...event, waits: this.#waits(event.waits, event.call) };
      case "call.progress":
        return { ...event, value: this.#redactor.content(event.value, this.#at("progress", event.call)) };
      case "attempt.failed":
        return { ...event, error: this.#redactor.error(event.error, this.#at("error", event.call)) };
      case "call.settled": {
        const { waits } = event;
        const outcome = this.#outcome(event.outcome, event.call);
        return { ...event, outcome, ...(waits && { waits: this.#waits(waits, event.call) }) };
      }
      case "attempt.abandoned":
      case "attempt.stopped":
        return event;
    }
  }

  #ofTurn(event: LoopEvent | Exclude<BatchEvent, { call: unknown }>): TraceEvent {
    switch (event.type) {
      case "turn.text":
        return { ...event, text: this.#redactor.text(event.text, { what: "text" }) };
      case "turn.broken": {
        const { name, cause } = event.error;
        const said = "code" in event.error ? { code: event.error.code } : { by: event.error.by };
        const error = {
          name,
          message: this.#redactor.thrown(event.error),
          ...said,
          cause: this.#redactor.cause(cause, { what: "error" }),
        };
        return { ...event, error } as typeof event;
      }
      case "turn.answered": {
        const answers = event.answers.map(({ call, result }) => ({
          call,
          result: this.#answer(result, call),
        }));
        for (const { call } of answers) this.#forget(this.#calls.get(call)?.batch);
        return { ...event, answers };
      }
      case "batch.opened":
        this.#batches.set(event.batch, { calls: [], isOfTurn: event.turn !== undefined });
        return event;
      case "batch.closed":
        this.#close(event.batch);
        return event;
      case "run.started":
      case "run.ended":
      case "turn.started":
      case "turn.ended":
        return event;
    }
  }

  #close(batch: string): void {
    const { isOfTurn = false, calls = [] } = this.#batches.get(batch) ?? {};
    if (!isOfTurn || calls.length === 0) return this.#forget(batch);
    this.#closed.add(batch);
    const [first] = this.#closed;
    if (this.#closed.size > MOST_CLOSED) this.#forget(first);
  }

  #forget(batch: string | undefined): void {
    if (batch === undefined) return;
    for (const call of this.#batches.get(batch)?.calls ?? []) this.#calls.delete(call);
    this.#batches.delete(batch);
    this.#closed.delete(batch);
  }

  #outcome(outcome: Outcome, key: string): Outcome {
    // What another program kept as an outcome may lack its call.
    const { call } = outcome as Partial<Outcome>;
    const named = call && {
      call: { ...call, input: this.#redactor.content(call.input, this.#at("input", key)) },
    };
    if (outcome.status === "ok")
      return {
        ...outcome,
        ...named,
        output: this.#redactor.content(outcome.output, this.#at("output", key)),
      };
    return { ...outcome, ...named, error: this.#redactor.error(outcome.error, this.#at("error", key)) };
  }

  #waits(waits: readonly Wait[], key: string): readonly Wait[] {
    return waits.map((wait) => this.#redactor.wait(wait, this.#of(key)));
  }

  #answer({ isError, parts }: EncodedResult, key: string): EncodedResult {
    const where = this.#at("answer", key);
    return { isError, parts: parts.map((part) => this.#part(part, where)) };
  }

  #part(part: ResultPart, where: ContentPlace): ResultPart {
    const content = part.type === "text" ? part.text : part.data;
    const replaced = this.#redactor.text(content, where);
    return replaced === content ? part : { type: "text", text: replaced };
  }

  #at(what: ContentPlace["what"], call: string): ContentPlace {
    return { what, ...this.#of(call) };
  }

  #of(call: string): Pick<ContentPlace, "call" | "tool"> {
    return { call, tool: this.#calls.get(call)?.tool };
  }
}
