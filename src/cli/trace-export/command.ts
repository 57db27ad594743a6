/** `tutti trace export`: a trace file as what other viewers open. */
import { statSync, writeFileSync } from "node:fs";
import { toOtlp } from "../../otel/otlp.ts";
import { toChromeTrace } from "../../trace/chrome-trace.ts";
import type { Trace } from "../../trace/trace.ts";
import { readTraceFile } from "../trace/read-file.ts";
import { firstLine, UsageError } from "../usage-error.ts";
import type { ExportFlags } from "./flags.ts";

/** Writes the export to a file, or prints it. What is to be said of the trace goes to the terminal's other stream. */
export function exportTrace(path: string, { to, output, content }: ExportFlags): void {
  if (content !== undefined && to === "chrome") {
    throw new UsageError("--content is for --to otlp; --to chrome holds what the trace holds");
  }
  if (output !== undefined && isSameFile(path, output)) {
    throw new UsageError(`${output} is the trace itself, which would be lost; write to another file`);
  }
  const { trace, notes } = readTraceFile(path);
  const text = `${JSON.stringify(convert(trace, to, content))}\n`;
  for (const note of notes) process.stderr.write(`${note}\n`);
  if (output === undefined) process.stdout.write(text);
  else write(output, text);
}

function convert(trace: Trace, to: ExportFlags["to"], content: ExportFlags["content"]): unknown {
  switch (to) {
    case "chrome":
      return toChromeTrace(trace);
    case "otlp":
      return toOtlp(trace, { content });
  }
}

function isSameFile(path: string, other: string): boolean {
  const [a, b] = [path, other].map((file) => statSync(file, { throwIfNoEntry: false }));
  return a !== undefined && b?.isFile() === true && a.ino === b.ino && a.dev === b.dev;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${firstLine(error)}`, { cause: error });
  }
}
