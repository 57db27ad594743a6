/** The lines of a trace, read: of a file that is whole, still being written, or left behind by a crash. */
import { TuttiError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { hasItsFields } from "./event-fields.ts";
import { TRACE_VERSION, type TraceEvent } from "./trace-event.ts";

/** What lines of a trace held. */
export interface ParsedTrace {
  readonly events: TraceEvent[];
  /** What follows the last line break: a line that is yet to be written to its end. */
  readonly rest: string;
  /** Lines that are no events, which were skipped; by their number, from 1. */
  readonly skipped: readonly number[];
  /** From which line on it was read: 1, or where the last of several traces begins that were written one behind the other. */
  readonly beginsAt: number;
}

/**
 * Reads the lines of a trace. A last line that is torn is left over as `rest`; one in the middle, where a process was killed
 * and the file was written on, is skipped. Of several traces in one file, which processes wrote one after the other, the last
 * is read.
 *
 * @throws TuttiError `invalid-file` for a trace of a version that is not known, and for what is no trace at all
 */
export function parseTrace(text: string): ParsedTrace {
  const lines = text.split("\n");
  let rest = lines.pop() ?? "";
  let events: TraceEvent[] = [];
  let skipped: number[] = [];
  let beginsAt = 1;
  const add = (event: TraceEvent, line: number) => {
    if (event.type === "trace.opened" && events.length > 0) {
      beginsAt = line;
      events = [];
      skipped = [];
    }
    events.push(event);
  };
  for (const [i, line] of lines.entries()) {
    const event = parseTraceLine(line);
    if (event !== undefined) add(event, i + 1);
    else if (line.trim() !== "") skipped.push(i + 1);
  }
  // A last line that lacks nothing but its line break.
  const last = parseTraceLine(rest);
  if (last !== undefined) {
    add(last, lines.length + 1);
    rest = "";
  }
  if (events.length === 0 && text.trim() !== "") {
    throw new TuttiError("invalid-file", "this is no trace: no line of it is an event");
  }
  return { events, rest, skipped, beginsAt };
}

/**
 * Reads one line of a trace; undefined for what is no event.
 *
 * @throws TuttiError `invalid-file` for a version that is not known
 */
export function parseTraceLine(line: string): TraceEvent | undefined {
  const event = toValue(line);
  if (!isObject(event)) return undefined;
  if (event["type"] === "trace.opened" && event["version"] !== TRACE_VERSION) {
    throw new TuttiError(
      "invalid-file",
      `this is a trace of version ${String(event["version"])}; version ${TRACE_VERSION} is known`,
    );
  }
  return hasItsFields(event) ? (event as unknown as TraceEvent) : undefined;
}

/** How a trace begins that is written behind the torn last line of another. */
const OPENED = '{"type":"trace.opened"';

function toValue(line: string): unknown {
  // Windows' editors and shells put a mark before the first line.
  const text = line.startsWith("\ufeff") ? line.slice(1) : line;
  try {
    return JSON.parse(text);
  } catch {
    const at = text.indexOf(OPENED, 1);
    return at === -1 ? undefined : toValue(text.slice(at));
  }
}
