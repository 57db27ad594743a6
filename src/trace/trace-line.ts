/** An event as a line of a trace: JSON, whatever tools were given, returned or threw. */
import type { TraceEvent } from "./trace-event.ts";
import type { CallError } from "../core/outcome.ts";
import { toText } from "../results/text.ts";

/** How many causes of causes are told with their stacks. */
const MAX_CAUSES = 8;

/** Events in which nothing is that a tool, a model or a user's code made but texts: any of them is written as it is. */
const PLAIN: ReadonlySet<TraceEvent["type"]> = new Set<TraceEvent["type"]>([
  "run.started",
  "run.ended",
  "turn.started",
  "turn.ended",
  "batch.opened",
  "batch.closed",
  "call.started",
  "attempt.started",
  "attempt.abandoned",
  "attempt.stopped",
]);

/** One line of JSON, without its line break. It never throws; what was thrown is kept with its name, message and stack. */
export function toTraceLine(event: TraceEvent): string {
  if (PLAIN.has(event.type)) return JSON.stringify(event);
  try {
    return toText(withStacks(event));
  } catch {
    // What was thrown may be anything, even something that throws when it is read. `toText` bears that.
    return toText(event);
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
