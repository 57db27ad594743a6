/** What the events of a trace are read by. Of what a line says besides, nothing is held to anything. */
import { isObject } from "../core/is-object.ts";
import type { RunStatus, StopReason } from "../core/model-turn.ts";
import type { OutcomeStatus } from "../core/outcome.ts";
import type { TraceEvent } from "./trace-event.ts";

type Check = (value: unknown) => boolean;

/** Whether an event has what it is read by. One that is not known is not read. */
export function hasItsFields(event: Readonly<Record<string, unknown>>): boolean {
  const { type, at } = event;
  if (typeof type !== "string" || !number(at)) return false;
  return !Object.hasOwn(CHECKS, type) || CHECKS[type as TraceEvent["type"]](event);
}

const text: Check = (value) => typeof value === "string";

/** What `JSON.parse` makes of `1e999` is no number that anything can be counted with. */
const number: Check = (value) => typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

const count: Check = (value) => number(value) && (value as number) >= 0;

const moment: Check = (value) => text(value) && !Number.isNaN(Date.parse(value as string));

function oneOf<Word extends string>(words: Readonly<Record<Word, true>>): Check {
  return (value) => typeof value === "string" && Object.hasOwn(words, value);
}

function maybe(check: Check): Check {
  return (value) => value === undefined || check(value);
}

function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check);
}

function fields(checks: Readonly<Record<string, Check>>): Check {
  const list = Object.entries(checks);
  return (value) => isObject(value) && list.every(([name, check]) => check(value[name]));
}

/** Where one field says what the others are: what is not known is borne. */
function byKind(name: string, kinds: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isObject(value) || !text(value[name])) return false;
    const kind = value[name] as string;
    return !Object.hasOwn(kinds, kind) || kinds[kind]?.(value) === true;
  };
}

const wait: Check = (value) =>
  fields({ ms: count })(value) &&
  byKind("for", {
    call: fields({ call: text }),
    lock: fields({ resource: text, heldBy: text }),
    slot: fields({ pool: text }),
    rate: fields({ pool: text }),
  })(value);

const call = fields({ key: text, id: maybe(text), name: text, index: number, node: maybe(text) });

const error = fields({ code: text, message: text });

const outcome = fields({
  status: oneOf<OutcomeStatus>({
    ok: true,
    failed: true,
    "timed-out": true,
    cancelled: true,
    skipped: true,
    denied: true,
  }),
  error: maybe(error),
  call: maybe(call),
});

const part = byKind("type", { text: fields({ text }), image: fields({ data: text }) });

const rate = fields({ count: number, perMs: number });

/** A text stands for what JSON has no number for. */
const limit: Check = (value) => value === "Infinity" || number(value);

const executor = fields({
  concurrency: limit,
  tools: listOf(fields({ name: text, concurrency: maybe(limit) })),
  pools: listOf(fields({ name: text, limit, rate: maybe(rate) })),
});

const runStatus = oneOf<RunStatus>({
  done: true,
  "max-turns": true,
  aborted: true,
  truncated: true,
  refused: true,
  failed: true,
});

const stop = oneOf<StopReason>({ calls: true, end: true, truncated: true, refused: true, paused: true });

const tokens = fields({ inputTokens: count, outputTokens: count, cachedInputTokens: count });

const OF_CALL = { call: text } as const;
const OF_ATTEMPT = { ...OF_CALL, attempt: number } as const;
const OF_TURN = { turn: number, run: maybe(text) } as const;
const OF_BATCH = { batch: text } as const;

const CHECKS: Readonly<Record<TraceEvent["type"], Check>> = {
  "trace.opened": fields({ version: number, time: maybe(moment), executor: maybe(executor) }),
  "run.started": fields({ run: text }),
  "run.ended": fields({ run: text, status: runStatus }),
  "turn.started": fields({ ...OF_TURN, wire: maybe(text), model: maybe(text) }),
  "turn.text": fields({ ...OF_TURN, text }),
  "turn.ended": fields({ ...OF_TURN, stop: maybe(stop), usage: maybe(tokens), model: maybe(text) }),
  "turn.broken": fields({
    ...OF_TURN,
    error: fields({ name: maybe(text), message: text, code: maybe(text), by: maybe(text) }),
  }),
  "turn.answered": fields({
    ...OF_TURN,
    answers: listOf(fields({ ...OF_CALL, result: fields({ parts: listOf(part) }) })),
  }),
  "batch.opened": fields({
    ...OF_BATCH,
    run: maybe(text),
    turn: maybe(number),
    parent: maybe(text),
    attempt: maybe(number),
  }),
  "batch.closed": fields(OF_BATCH),
  "call.queued": fields({ ...OF_BATCH, call }),
  "call.started": fields({ ...OF_CALL, waits: listOf(wait), pools: maybe(listOf(text)) }),
  "call.progress": fields(OF_CALL),
  "call.settled": fields({ ...OF_CALL, outcome, waits: maybe(listOf(wait)) }),
  "attempt.started": fields({ ...OF_ATTEMPT, as: oneOf({ retry: true, hedge: true }), waits: listOf(wait) }),
  "attempt.failed": fields({ ...OF_ATTEMPT, error, retryInMs: maybe(number) }),
  "attempt.abandoned": fields(OF_ATTEMPT),
  "attempt.stopped": fields(OF_ATTEMPT),
};
