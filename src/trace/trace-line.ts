/** An event as a line of a trace: JSON, whatever tools were given, returned or threw. */
import type { TraceEvent } from "./trace-event.ts";
import type { CallError } from "../core/outcome.ts";
import { plainJson } from "../results/plain-json.ts";
import { toText } from "../results/text.ts";

/** How many causes of causes are told with their stacks. */
const MAX_CAUSES = 8;

const NOTHING: readonly unknown[] = [];

/** One line of JSON, without its line break. It never throws; what was thrown is kept with its name, message and stack. */
export function toTraceLine(event: TraceEvent): string {
  const content = contentOf(event);
  // Half a character is escaped, and comes back as it was.
  if (content === NOTHING) return JSON.stringify(event);
  const json = content && plainJson(event, content);
  if (json !== undefined) return json;
  try {
    return toText(withStacks(event));
  } catch {
    // What was thrown may be anything, even something that throws when it is read. `toText` bears that.
    return toText(event);
  }
}

/** What may be anything in an event, since a tool or a model made it; undefined where that may be anywhere. All else is texts and numbers. */
function contentOf(event: TraceEvent): readonly unknown[] | undefined {
  switch (event.type) {
    case "run.started":
    case "run.ended":
    case "turn.started":
    case "turn.text":
    case "turn.ended":
    case "batch.opened":
    case "batch.closed":
    case "call.started":
    case "attempt.started":
    case "attempt.abandoned":
    case "attempt.stopped":
      return NOTHING;
    case "call.queued":
      return [event.call.input];
    case "call.progress":
      return [event.value];
    case "call.settled":
      return event.outcome.status === "ok" ? [event.outcome.call.input, event.outcome.output] : undefined;
    case "trace.opened":
    case "turn.broken":
    case "turn.answered":
    case "attempt.failed":
      return undefined;
  }
}

function withStacks(event: TraceEvent): unknown {
  if (event.type === "turn.broken") return { ...event, error: tell(event.error) };
  if (event.type === "attempt.failed") return { ...event, error: withCause(event.error) };
  if (event.type !== "call.settled" || event.outcome.status === "ok") return event;
  return { ...event, outcome: { ...event.outcome, error: withCause(event.outcome.error) } };
}

function withCause(error: CallError): unknown {
  return { ...error, cause: tell(error.cause) };
}

/** An error with what its own properties do not show. */
function tell(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error) || depth === MAX_CAUSES) return thrown;
  const { name, message, stack, cause } = thrown;
  const own = Object.fromEntries(Object.entries(thrown));
  return { name, message, stack, ...own, ...(cause !== undefined && { cause: tell(cause, depth + 1) }) };
}
