/**
 * A trace that was read, as OTLP/JSON: what `/v1/traces` of a collector takes. The spans are those that live tracing makes; their ids
 * are made of what they are of, so that the same trace gives the same ones.
 */
import { sha256 } from "../trace/sha-256.ts";
import { callsByKey } from "../trace/explain.ts";
import { addTo, tracesOfRuns } from "../trace/scope.ts";
import type { Trace, TracedCall, TracedTurn } from "../trace/trace.ts";
import { knownKeys, nonEmptyString } from "../core/options.ts";
import { resolveSpanOptions, SPAN_KEYS, type SpanChoices } from "./options.ts";
import {
  attemptFacts,
  callFacts,
  chatFacts,
  runFacts,
  turnFacts,
  type SpanFacts,
  type SpanOptions,
  type SpanValue,
} from "./span-facts.ts";
import { timeOf, traceOfTurn } from "./time-facts.ts";

/** What `toOtlp` takes beside the trace. */
export interface OtlpOptions extends SpanChoices {
  /** `service.name`. @default "tutti" */
  readonly service?: string | undefined;
}

/** `ExportTraceServiceRequest` as JSON. */
export interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly OtlpSpan[];
    }[];
  }[];
}

/** A span. Ids are hexadecimal digits, times are nanoseconds since 1970, as text. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly status: { readonly code?: number; readonly message?: string };
}

/** An attribute. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

type OtlpValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly OtlpValue[] } };

/** `SPAN_KIND_…` and `STATUS_CODE_ERROR` of the protocol; the numbers of the API are others. */
const KINDS = { internal: 1, client: 3 } as const;
const ERROR = 2;

/**
 * A trace as OTLP/JSON. What goes on in it ends with it.
 *
 * @throws TypeError that names the option and what came
 */
export function toOtlp(trace: Trace, options: OtlpOptions = {}): OtlpTraces {
  knownKeys("options", options, ["service", ...SPAN_KEYS]);
  const service = nonEmptyString("service", options.service ?? "tutti");
  const spans = new SpanList(trace, resolveSpanOptions(options, trace.executor)).spans();
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "tutti" }, spans }] }] };
}

/** Which span, of which trace. */
interface SpanPlace {
  readonly traceId: string;
  /** What it is of: the run, the turn, the call, or the attempt. */
  readonly of: string;
  readonly parent: string | undefined;
}

class SpanList {
  readonly #trace: Trace;
  readonly #options: SpanOptions;
  readonly #calls: ReadonlyMap<string, TracedCall>;
  readonly #turns: ReadonlyMap<string, TracedTurn>;
  readonly #runs: ReadonlySet<string>;
  readonly #spans: OtlpSpan[] = [];

  constructor(trace: Trace, options: SpanOptions) {
    this.#trace = trace;
    this.#options = options;
    this.#calls = callsByKey(trace.calls);
    this.#turns = new Map(trace.turns.map((turn) => [turn.key, turn]));
    this.#runs = new Set(trace.runs.map(({ name }) => name));
  }

  spans(): OtlpSpan[] {
    const { runs, turns, calls } = this.#trace;
    const traces = tracesOfRuns(this.#trace);
    for (const run of runs) {
      const trace = traces.get(run.name) ?? this.#trace;
      const place = { traceId: this.#id(`run ${run.name}`, 32), of: run.name, parent: undefined };
      const time = timeOf(trace, run.name);
      this.#add(place, runFacts(run, { turns: trace.turns, time }, this.#options), run);
    }
    const callsOf = new Map<string, TracedCall[]>();
    for (const call of calls) if (call.turn !== undefined) addTo(callsOf, call.turn, call);
    for (const turn of turns) if (this.#isTurn(turn.key)) this.#addTurn(turn, callsOf.get(turn.key) ?? []);
    // A live span knows no call of another turn but by its key.
    const known = new Map([...callsOf].map(([turn, own]) => [turn, callsByKey(own)]));
    for (const call of calls) this.#addCall(call, known.get(call.turn ?? "") ?? this.#calls);
    return this.#spans;
  }

  #addTurn(turn: TracedTurn, calls: readonly TracedCall[]): void {
    const traceId = this.#traceOf(turn.key);
    const trace = traceOfTurn(this.#trace, turn, calls);
    const facts = turnFacts(turn, { trace, time: timeOf(trace) }, this.#options);
    this.#add({ traceId, of: turn.key, parent: this.#runOf(turn.key) }, facts, turn);
    const toMs = turn.modelToMs ?? turn.toMs;
    const chat = { traceId, of: `chat ${turn.key}`, parent: turn.key };
    this.#add(chat, chatFacts(turn, this.#options), { fromMs: turn.fromMs, toMs });
  }

  #addCall(call: TracedCall, known: ReadonlyMap<string, TracedCall>): void {
    const traceId = this.#traceOf(call.turn);
    const { queuedMs: fromMs, settledMs: toMs } = call;
    const facts = callFacts(call, known, this.#options);
    this.#add({ traceId, of: call.key, parent: this.#aroundOf(call) }, facts, { fromMs, toMs });
    for (const attempt of call.attempts) {
      const place = { traceId, of: attemptOf(call, attempt.number), parent: call.key };
      this.#add(place, attemptFacts(attempt, call, this.#options), attempt);
    }
  }

  /** What a call hangs under: the attempt that makes it, its wrapper, or its turn. */
  #aroundOf({ parent, parentAttempt, turn }: TracedCall): string | undefined {
    const around = parent === undefined ? undefined : this.#calls.get(parent);
    if (around === undefined) return turn !== undefined && this.#isTurn(turn) ? turn : this.#runOf(turn);
    const attempt = around.attempts.find(({ number }) => number === parentAttempt);
    return attempt === undefined ? around.key : attemptOf(around, attempt.number);
  }

  /** Whether it is a turn, and not a batch of none. */
  #isTurn(key: string): boolean {
    return this.#turns.get(key)?.turn !== undefined;
  }

  #runOf(turn: string | undefined): string | undefined {
    const run = this.#turns.get(turn ?? "")?.run;
    return run !== undefined && this.#runs.has(run) ? run : undefined;
  }

  /** A trace for each run, and for each turn or batch of none. */
  #traceOf(turn: string | undefined): string {
    const run = this.#turns.get(turn ?? "")?.run;
    return this.#id(run === undefined ? `turn ${turn ?? ""}` : `run ${run}`, 32);
  }

  #add(
    { traceId, of, parent }: SpanPlace,
    facts: SpanFacts,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number | undefined },
  ): void {
    const { name, kind, attributes, error } = facts;
    this.#spans.push({
      traceId,
      spanId: this.#id(of, 16),
      ...(parent !== undefined && { parentSpanId: this.#id(parent, 16) }),
      name,
      kind: KINDS[kind],
      startTimeUnixNano: this.#nanos(fromMs),
      endTimeUnixNano: this.#nanos(toMs ?? this.#trace.endMs),
      attributes: Object.entries(attributes).flatMap(([key, value]) =>
        value === undefined ? [] : [{ key, value: toValue(value) }],
      ),
      status: error === undefined ? {} : { code: ERROR, message: error.message },
    });
  }

  #id(of: string, digits: number): string {
    const { startedAt, startedOn = 0 } = this.#trace;
    return sha256(`${startedOn} ${startedAt} ${of}`).slice(0, digits);
  }

  /** Exact: the calendar in nanoseconds is more than a number holds. */
  #nanos(ms: number): string {
    return String(BigInt(this.#trace.startedOn ?? 0) * 1_000_000n + BigInt(Math.round(ms * 1_000_000)));
  }
}

function attemptOf({ key }: TracedCall, number: number): string {
  return `${key}#${number}`;
}

function toValue(value: SpanValue): OtlpValue {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toValue) } };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
