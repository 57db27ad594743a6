/** A span of the user's tracer that is being told of, from its start on the executor's clock to its end. It never throws. */
import type { Attributes, Context, Link, Span, SpanKind, SpanStatusCode, Tracer } from "@opentelemetry/api";
import type { SpanFacts } from "./span-facts.ts";

// The values of enumerations of an optional peer, of which only types may be imported.
const KINDS = { internal: 0 satisfies SpanKind.INTERNAL, client: 2 satisfies SpanKind.CLIENT } as const;
const ERROR = 2 satisfies SpanStatusCode.ERROR;

/** Where spans are made. */
export interface SpanSource {
  readonly tracer: Tracer;
  /** The calendar's milliseconds of a moment on the executor's clock. */
  readonly toWall: (at: number) => number;
}

/** A span that is open. */
export class LiveSpan {
  readonly span: Span;
  readonly #source: SpanSource;
  #isOpen = true;

  /** Starts a span. Only here does the tracer's own throwing come through: without a span there is nothing to tell. */
  constructor(
    source: SpanSource,
    facts: SpanFacts,
    start: { readonly at: number; readonly parent: Context; readonly links?: Link[] },
  ) {
    this.#source = source;
    this.span = source.tracer.startSpan(
      facts.name,
      {
        kind: KINDS[facts.kind],
        startTime: source.toWall(start.at),
        attributes: attributesOf(facts),
        ...(start.links !== undefined && { links: start.links }),
      },
      start.parent,
    );
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether somebody keeps what is told. */
  get isRecorded(): boolean {
    try {
      return this.span.isRecording();
    } catch {
      return false;
    }
  }

  /** Adds attributes. */
  set(attributes: Attributes): void {
    quietly(() => this.span.setAttributes(attributes));
  }

  /** Ends it, once. What is told is only worked out if somebody records it. */
  end(at: number, tell: () => SpanFacts): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    quietly(() => {
      if (!this.span.isRecording()) return;
      const facts = tell();
      this.span.updateName(facts.name);
      this.span.setAttributes(attributesOf(facts));
      if (facts.error !== undefined) this.span.setStatus({ code: ERROR, message: facts.error.message });
    });
    quietly(() => this.span.end(this.#source.toWall(at)));
  }
}

function attributesOf({ attributes }: SpanFacts): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== undefined),
  ) as Attributes;
}

/** What a tracer throws changes nothing. */
function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // It is the tracer's own business.
  }
}
