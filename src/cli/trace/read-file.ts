/** A trace file, read: what can be read of it, and what there is to say about the rest. */
import { readFileSync } from "node:fs";
import { TuttiError } from "../../core/errors.ts";
import { parseTrace, type ParsedTrace } from "../../trace/parse-trace.ts";
import { readTrace } from "../../trace/read-trace.ts";
import type { Trace } from "../../trace/trace.ts";
import { formatCount, formatPlural } from "../../trace/format.ts";
import { oneLine } from "../format.ts";
import { firstLine, UsageError } from "../usage-error.ts";

/** A trace that was in a file. */
export interface TraceInFile {
  readonly path: string;
  readonly trace: Trace;
  /** The run that is asked for. */
  readonly run: string | undefined;
  /** What a reader should know of the file, a sentence each: that it breaks off, that lines were skipped. */
  readonly notes: readonly string[];
}

/**
 * Reads a trace; `-` is what is piped in.
 *
 * @throws UsageError if there is none, or not the run that is asked for
 */
export function readTraceFile(path: string, run?: string): TraceInFile {
  const text = readText(path);
  if (text.trim() === "") throw new UsageError(`trace ${path} is empty: nothing was recorded yet`);
  const parsed = parse(path, text);
  const trace = read(path, parsed);
  checkRun(trace, path, run);
  return {
    path,
    trace,
    run,
    notes: [...tellBeginning(parsed), ...tellEnd(trace, parsed), ...tellSkipped(parsed)],
  };
}

/** By its number: to ask for the stream would make it one that does not wait. */
const STDIN = 0;

function readText(path: string): string {
  try {
    return readFileSync(path === "-" ? STDIN : path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : firstLine(error);
    if (code === "ENOENT") throw new UsageError(`trace ${path}: there is no such file`, { cause: error });
    throw new UsageError(`trace ${path} cannot be read (${code})`, { cause: error });
  }
}

function parse(path: string, text: string): ParsedTrace {
  try {
    return parseTrace(text);
  } catch (error) {
    if (!(error instanceof TuttiError)) throw error;
    const hint = error.message.includes("version") ? "update tutti" : "`tutti run --trace <file>` writes one";
    throw new UsageError(`trace ${path}: ${firstLine(error)}; ${hint}`, { cause: error });
  }
}

function read(path: string, { events }: ParsedTrace): Trace {
  const trace = readTrace(events);
  if (trace.turns.length + trace.calls.length + trace.runs.length === 0) {
    throw new UsageError(`trace ${path}: no run, turn or call is in it, so there is nothing to show`);
  }
  return trace;
}

function checkRun({ runs }: Trace, path: string, run: string | undefined): void {
  if (run === undefined || runs.some(({ name }) => name === run)) return;
  const some = runs.slice(0, 10).map(({ name }) => oneLine(name));
  const names = [...some, ...(runs.length > 10 ? ["…"] : [])].join(", ");
  throw new UsageError(
    `trace ${path}: there is no run ${oneLine(run)}; ${names === "" ? "it has no runs" : `it has ${names}`}`,
  );
}

/** That another trace was before it, of a process that wrote into the same file. */
function tellBeginning({ beginsAt }: ParsedTrace): string[] {
  if (beginsAt === 1) return [];
  return [`line ${formatCount(beginsAt)} begins another trace; what is before it is left out`];
}

/** That the trace breaks off, or is still written. */
function tellEnd({ runs, turns, calls }: Trace, { rest }: ParsedTrace): string[] {
  const open = calls.filter(({ status, isWrapper }) => status === "going" && !isWrapper);
  const running = open.filter(({ stretches }) => stretches.at(-1)?.kind === "running").length;
  const waiting = open.length - running;
  const writing = turns.some(({ turn, status }) => turn !== undefined && status === "going");
  const parts = [
    ...(writing ? ["the model writes"] : []),
    ...(running > 0 ? [`${formatPlural(running, "call")} ${running === 1 ? "runs" : "run"}`] : []),
    ...(waiting > 0 ? [`${formatPlural(waiting, "call")} ${waiting === 1 ? "waits" : "wait"}`] : []),
  ];
  const going = runs.filter(({ status }) => status === "going").length;
  if (parts.length === 0 && going > 0)
    parts.push(`${formatPlural(going, "run")} ${going === 1 ? "goes" : "go"} on`);
  const torn = rest.trim() === "" ? "" : "its last line is torn";
  if (parts.length > 0) return [`the trace ends while ${listOf(parts)}${torn === "" ? "" : `; ${torn}`}`];
  return torn === "" ? [] : [`the trace ends in the middle of a line`];
}

function tellSkipped({ skipped }: ParsedTrace): string[] {
  if (skipped.length === 0) return [];
  const numbers = skipped.slice(0, 5).map(formatCount).join(", ") + (skipped.length > 5 ? ", …" : "");
  if (skipped.length === 1) return [`line ${numbers} is no event, and was left out`];
  return [`${formatCount(skipped.length)} lines are no events, and were left out: ${numbers}`];
}

function listOf(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}
