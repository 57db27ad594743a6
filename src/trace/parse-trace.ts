/** The lines of a trace, read: of a file that is whole, still being written, or left behind by a crash. */
import { TuttiError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { TRACE_VERSION, type TraceEvent } from "./trace-event.ts";

/** What lines of a trace held. */
export interface ParsedTrace {
  readonly events: TraceEvent[];
  /** What follows the last line break: a line that is yet to be written to its end. */
  readonly rest: string;
  /** Lines that are no events, which were skipped; by their number, from 1. */
  readonly skipped: readonly number[];
}

/**
 * Reads the lines of a trace. A last line that is torn is left over as `rest`; one in the middle, where a process was killed
 * and the file was written on, is skipped.
 *
 * @throws TuttiError `invalid-file` for a trace of a version that is not known, and for what is no trace at all
 */
export function parseTrace(text: string): ParsedTrace {
  const lines = text.split("\n");
  let rest = lines.pop() ?? "";
  const events: TraceEvent[] = [];
  const skipped: number[] = [];
  for (const [i, line] of lines.entries()) {
    const event = parseTraceLine(line);
    if (event !== undefined) events.push(event);
    else if (line.trim() !== "") skipped.push(i + 1);
  }
  // A last line that lacks nothing but its line break.
  const last = parseTraceLine(rest);
  if (last !== undefined) {
    events.push(last);
    rest = "";
  }
  if (events.length === 0 && text.trim() !== "") {
    throw new TuttiError("invalid-file", "this is no trace: no line of it is an event");
  }
  return { events, rest, skipped };
}

/**
 * Reads one line of a trace; undefined for what is no event.
 *
 * @throws TuttiError `invalid-file` for a version that is not known
 */
export function parseTraceLine(line: string): TraceEvent | undefined {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(event) || typeof event["type"] !== "string" || typeof event["at"] !== "number")
    return undefined;
  if (event["type"] === "trace.opened" && event["version"] !== TRACE_VERSION) {
    throw new TuttiError(
      "invalid-file",
      `this is a trace of version ${String(event["version"])}; version ${TRACE_VERSION} is known`,
    );
  }
  return hasItsFields(event) ? (event as unknown as TraceEvent) : undefined;
}

type Kind = "string" | "number" | "object" | "array";

const OF_CALL = { call: "string" } as const;
const OF_ATTEMPT = { ...OF_CALL, attempt: "number" } as const;
const OF_TURN = { turn: "number" } as const;
const OF_BATCH = { batch: "string" } as const;

/** What events are read by; the rest of their fields is only shown. */
const FIELDS: Readonly<Record<TraceEvent["type"], Readonly<Record<string, Kind>>>> = {
  "trace.opened": { version: "number" },
  "run.started": {},
  "run.ended": {},
  "turn.started": OF_TURN,
  "turn.text": { ...OF_TURN, text: "string" },
  "turn.ended": OF_TURN,
  "turn.broken": { ...OF_TURN, error: "object" },
  "turn.answered": { ...OF_TURN, answers: "array" },
  "batch.opened": OF_BATCH,
  "batch.closed": OF_BATCH,
  "call.queued": { ...OF_BATCH, call: "object" },
  "call.started": { ...OF_CALL, waits: "array" },
  "call.progress": OF_CALL,
  "call.settled": { ...OF_CALL, outcome: "object" },
  "attempt.started": { ...OF_ATTEMPT, waits: "array" },
  "attempt.failed": { ...OF_ATTEMPT, error: "object" },
  "attempt.abandoned": OF_ATTEMPT,
  "attempt.stopped": OF_ATTEMPT,
};

/** Whether an event has what it is read by. One that is not known is not read. */
function hasItsFields(event: Readonly<Record<string, unknown>>): boolean {
  const fields = Object.hasOwn(FIELDS, event["type"] as string)
    ? FIELDS[event["type"] as TraceEvent["type"]]
    : {};
  const { call } = event;
  if (event["type"] === "call.queued" && isObject(call) && typeof call["key"] !== "string") return false;
  return Object.entries(fields).every(([name, kind]) => isOf(kind, event[name]));
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === "array") return Array.isArray(value);
  return kind === "object" ? isObject(value) : typeof value === kind;
}
