/**
 * Events without their content, or with what stands for it.
 *
 * An error's message stays where Tutti wrote it and it names nothing but calls, tools, pools and times; elsewhere it may hold what a
 * tool, a validator or a person said, and is content. Of what was thrown, the name stays.
 */
import type { BatchEvent, Wait } from "../core/event.ts";
import type { LoopEvent } from "../core/loop-event.ts";
import type { CallError, ErrorCode, Outcome } from "../core/outcome.ts";
import type { EncodedResult, ResultPart } from "../core/result.ts";
import { toText } from "../results/text.ts";
import type { ContentPlace, Redact } from "./content.ts";
import type { TraceEvent } from "./trace-event.ts";

/** The codes whose messages are Tutti's own, and hold no content. */
const OWN_WORDS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "unknown-tool",
  "timeout",
  "cancelled",
  "dependency-failed",
  "truncated",
  "over-limit",
  "unavailable",
]);

/** Batches that are closed, and of which it may yet be told what the model reads. Of one that was void that never comes. */
const MOST_CLOSED = 1_000;

/** Redacts the events of one trace, in their order. */
export class Redaction {
  readonly #redact: Redact;
  /** The tool of each call that may yet be told of, and its batch. */
  readonly #calls = new Map<string, { readonly tool: string; readonly batch: string }>();
  /** The calls of each batch, and whether a turn is to tell of them behind its end. */
  readonly #batches = new Map<string, { readonly calls: string[]; readonly isOfTurn: boolean }>();
  readonly #closed = new Set<string>();

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** The event as it may be written. The event itself stays as it is. */
  redact(event: TraceEvent): TraceEvent {
    if (event.type === "trace.opened") return event;
    return "call" in event ? this.#ofCall(event) : this.#ofTurn(event);
  }

  #ofCall(event: Extract<BatchEvent, { call: unknown }>): TraceEvent {
    switch (event.type) {
      case "call.queued": {
        const { call } = event;
        this.#calls.set(call.key, { tool: call.name, batch: event.batch });
        this.#batches.get(event.batch)?.calls.push(call.key);
        return { ...event, call: { ...call, input: this.#content(call.input, this.#at("input", call.key)) } };
      }
      case "call.started":
      case "attempt.started":
        return { ...event, waits: this.#waits(event.waits, event.call) };
      case "call.progress":
        return { ...event, value: this.#content(event.value, this.#at("progress", event.call)) };
      case "attempt.failed":
        return { ...event, error: redactError(event.error, this.#redact, this.#at("error", event.call)) };
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
        return { ...event, text: asText(this.#content(event.text, { what: "text" })) };
      case "turn.broken": {
        const { name, message, cause } = event.error;
        const said = "code" in event.error ? { code: event.error.code } : { by: event.error.by };
        const own = "by" in event.error ? message : this.#content(message, { what: "error" });
        const error = {
          name,
          message: asText(own),
          ...said,
          cause: redactCause(cause, this.#redact, { what: "error" }),
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
    const named = call && { call: { ...call, input: this.#content(call.input, this.#at("input", key)) } };
    if (outcome.status === "ok")
      return { ...outcome, ...named, output: this.#content(outcome.output, this.#at("output", key)) };
    return { ...outcome, ...named, error: redactError(outcome.error, this.#redact, this.#at("error", key)) };
  }

  #waits(waits: readonly Wait[], key: string): readonly Wait[] {
    if (!waits.some((wait) => wait.for === "lock")) return waits;
    return waits.map((wait) => {
      // The lock on everything has no path.
      if (wait.for !== "lock" || wait.resource === "") return wait;
      return { ...wait, resource: asText(this.#content(wait.resource, this.#at("resource", key))) };
    });
  }

  #answer({ isError, parts }: EncodedResult, key: string): EncodedResult {
    const where = this.#at("answer", key);
    return { isError, parts: parts.map((part) => this.#part(part, where)) };
  }

  #part(part: ResultPart, where: ContentPlace): ResultPart {
    const content = part.type === "text" ? part.text : part.data;
    const replaced = this.#content(content, where);
    return replaced === content ? part : { type: "text", text: asText(replaced) };
  }

  #at(what: ContentPlace["what"], call: string): ContentPlace {
    return { what, call, tool: this.#calls.get(call)?.tool };
  }

  #content(value: unknown, where: ContentPlace): unknown {
    return value === undefined ? undefined : this.#redact(value, where);
  }
}

/** An error without its content. */
export function redactError(error: CallError, redact: Redact, where: ContentPlace): CallError {
  const { code, message, cause } = error;
  return {
    ...error,
    message: OWN_WORDS.has(code) ? message : asText(redact(message, where)),
    cause: redactCause(cause, redact, where),
  };
}

function redactCause(cause: unknown, redact: Redact, where: ContentPlace): unknown {
  if (cause === undefined) return undefined;
  try {
    if (cause instanceof Error) return { name: String(cause.name), message: redact(cause.message, where) };
  } catch {
    // What was thrown may be anything.
  }
  return redact(cause, where);
}

/** What a user's function made of a text may be anything. */
function asText(value: unknown): string {
  return typeof value === "string" ? value : toText(value);
}
