/**
 * Whether a model calls tools in parallel, and what helps: the same question, which needs several reads that have nothing to
 * do with each other, asked as it is, with each nudge, and with the batch tool.
 */
import { batchTool } from "../core/batch-tool.ts";
import { createExecutor } from "../executor/create-executor.ts";
import { defineTool } from "../core/tool.ts";
import type { Model } from "../model/model.ts";
import type { Usage } from "../wire/wire.ts";
import { NUDGES, type Nudge } from "./nudge.ts";
import { runAgent } from "./run-agent.ts";
import type { RunStatus } from "./run-event.ts";

/** A way to ask: as it is, with a nudge, or with the batch tool among the tools. */
export type ProbeVariant = "as-it-is" | Nudge | "batch-tool";

/** What came of one way to ask. */
export interface ProbeFigures {
  readonly variant: ProbeVariant;
  readonly status: RunStatus;
  /** Why the run failed, if it did. */
  readonly error: Error | undefined;
  /** Calls per turn that made any; 0 if none did. */
  readonly callsPerTurn: number;
  /** The most calls of one turn. */
  readonly widest: number;
  readonly turns: number;
  readonly calls: number;
  /** From the prompt to the last word, in milliseconds. The tools take no time, so all of it is the model's. */
  readonly wallMs: number;
  readonly usage: Usage;
}

/** What `probeModel` takes. */
export interface ProbeOptions<Message> {
  readonly model: Model<Message>;
  /** The ways to ask. @default all */
  readonly variants?: readonly ProbeVariant[] | undefined;
  /** Told of each way when it is over. It must not throw. */
  readonly onFigures?: ((figures: ProbeFigures) => void) | undefined;
  /** Ends the probe; what was under way counts as `aborted`. */
  readonly signal?: AbortSignal | undefined;
}

/** All ways to ask. */
export const PROBE_VARIANTS: readonly ProbeVariant[] = ["as-it-is", ...NUDGES, "batch-tool"];

/** The files that the question is about; which they are is only known from the index, so the reads are merely implied. */
const FILES: Readonly<Record<string, string>> = {
  "index.txt": "north.txt\neast.txt\nsouth.txt\nwest.txt\ncentre.txt\nharbour.txt",
  "north.txt": "Visitors: 1204",
  "east.txt": "Visitors: 377",
  "south.txt": "Visitors: 2981",
  "west.txt": "Visitors: 58",
  "centre.txt": "Visitors: 6140",
  "harbour.txt": "Visitors: 815",
};

/** What the model is asked. It says nothing of how. */
export const PROBE_PROMPT =
  "index.txt lists the files of a survey, one per line. Read it, then read every file that it lists, and tell me how many " +
  "visitors there were in all. Answer in one short sentence.";

/** More turns than calls are needed, even one by one. */
const MAX_TURNS = 12;

const readFile = defineTool({
  name: "read_file",
  description: "Reads a text file.",
  input: {
    type: "object",
    properties: { path: { type: "string", description: "The file's name, such as index.txt" } },
    required: ["path"],
    additionalProperties: false,
  },
  effects: "read",
  execute: ({ path }: { path: string }) => {
    const text = FILES[path];
    if (text === undefined) throw new Error(`there is no file ${path}`);
    return text;
  },
});

/** Asks a model in each way, one after the other. It never rejects for what the model does. */
export async function probeModel<Message>(options: ProbeOptions<Message>): Promise<ProbeFigures[]> {
  const { model, variants = PROBE_VARIANTS, onFigures, signal } = options;
  const all: ProbeFigures[] = [];
  for (const variant of variants) {
    if (signal?.aborted === true) break;
    const figures = await ask(model, variant, signal);
    all.push(figures);
    onFigures?.(figures);
  }
  return all;
}

/** The ways in which the model called in parallel, the ones with the most calls per turn first. */
export function whatHelps(figures: readonly ProbeFigures[]): ProbeFigures[] {
  return figures
    .filter(({ status, widest }) => status === "done" && widest > 1)
    .toSorted((a, b) => b.callsPerTurn - a.callsPerTurn);
}

async function ask<Message>(
  model: Model<Message>,
  variant: ProbeVariant,
  signal: AbortSignal | undefined,
): Promise<ProbeFigures> {
  const executor = createExecutor({
    tools: variant === "batch-tool" ? [readFile, batchTool()] : [readFile],
    // Nothing but the question: a tool more would be another.
    maxResultTokens: Infinity,
  });
  const nudge = NUDGES.find((one) => one === variant);
  const startedAt = executor.clock.now();
  const run = runAgent({ model, executor, prompt: PROBE_PROMPT, maxTurns: MAX_TURNS, nudge, signal });
  const { status, error, metrics, turns, calls, usage } = await run.result;
  return {
    variant,
    status,
    error,
    callsPerTurn: metrics.callsPerTurn,
    widest: Math.max(0, ...Object.keys(metrics.widths).map(Number)),
    turns,
    calls,
    wallMs: executor.clock.now() - startedAt,
    usage,
  };
}
