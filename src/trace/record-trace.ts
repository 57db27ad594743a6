/** Writes what happens in an executor, and in the loops around it, as lines of a trace. */
import type { Executor } from "../core/executor.ts";
import { knownKeys } from "../core/options.ts";
import { createRedact, type TraceContent } from "./content.ts";
import { openTrace } from "./open-trace.ts";
import { Redaction } from "./redaction.ts";
import type { TraceEvent } from "./trace-event.ts";
import { toTraceLine } from "./trace-line.ts";

/** Of lines of one moment, how many characters are held at most: what is held for longer costs more to collect. */
const MOST_HELD = 16_384;

/** What `recordTrace` takes beside the executor and what writes. */
export interface RecordOptions {
  /**
   * What becomes of content: see `TraceContent`.
   *
   * @default "full"
   */
  readonly content?: TraceContent | undefined;
}

/**
 * Has `write` called with the lines of a trace, whole and with their line breaks, from now on until what is returned is called: those of
 * what happened in one go together, as soon as it has happened; of very many, some at a time. What `write` throws is dropped, but for the
 * first line's; a trace that it writes at once is there even if the process is killed.
 *
 * @throws TypeError that names the option and what came
 */
export function recordTrace(
  executor: Executor,
  write: (lines: string) => void,
  options: RecordOptions = {},
): () => void {
  knownKeys("options", options, ["content"]);
  const redact = createRedact(options.content ?? "full");
  const redaction = redact && new Redaction(redact);
  const toLine = (event: TraceEvent) => `${toTraceLine(redaction?.redact(event) ?? event)}\n`;
  write(toLine(openTrace(executor)));
  let lines = "";
  const flush = () => {
    const written = lines;
    lines = "";
    try {
      if (written !== "") write(written);
    } catch {
      // As what any listener throws.
    }
  };
  const stop = executor.events.listen((event) => {
    // Behind the other events of this delivery: a system call for each would take longer than to make its line.
    if (lines === "") queueMicrotask(flush);
    lines += toLine(event);
    if (lines.length >= MOST_HELD) flush();
  });
  return () => {
    stop();
    flush();
  };
}
