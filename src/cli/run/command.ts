/** `tutti run`. */
import type { RunResult } from "../../agent/loop.ts";
import { runAgent } from "../../agent/run-agent.ts";
import type { Eager, Parallel } from "../../core/batch.ts";
import type { Approve } from "../../core/approvals.ts";
import type { Executor } from "../../core/executor.ts";
import { createExecutor } from "../../executor/create-executor.ts";
import { TraceReader } from "../../trace/read-trace.ts";
import { askedModel, type AskedModel, type ModelFlags } from "../asked-model.ts";
import type { Viewer } from "../../viewer/server.ts";
import { coloursFor, isTerminal } from "../colours.ts";
import { createScreen } from "../screen.ts";
import type { ExportContent } from "../trace-export/flags.ts";
import { firstLine, UsageError } from "../usage-error.ts";
import { chooseApprove, type ApproveFlag } from "./approver.ts";
import { INTERRUPTED, interrupt, onInterrupt, untilInterrupted } from "./interrupt.ts";
import { Questions } from "./questions.ts";
import { tellInterruption, tellUsage } from "./summary.ts";
import { loadToolsFile, type ToolsFile } from "./tools-file.ts";
import { openTraceFile } from "./trace-file.ts";
import { Transcript } from "./transcript.ts";

/** What the command line says. */
export interface RunFlags extends ModelFlags {
  readonly tools: string;
  readonly system?: string;
  readonly maxTurns: number;
  readonly approve?: ApproveFlag;
  readonly eager?: Eager;
  readonly parallel: Parallel;
  readonly concurrency?: number;
  readonly trace?: string;
  readonly view?: boolean;
  readonly traceContent: ExportContent;
}

/** Runs an agent to its end. */
export async function run(prompt: string, flags: RunFlags): Promise<void> {
  const { maxTurns, system, parallel } = flags;
  if (flags.traceContent !== "full" && flags.trace === undefined)
    throw new UsageError("--trace-content is for --trace; what --view shows is always whole");
  const file = await loadToolsFile(flags.tools);
  const colours = coloursFor(process.stdout);
  const questions = openQuestions();
  const transcript = new Transcript({ colours, write: (text) => writeBeside(questions, text) });
  const approve = chooseApprove(flags.approve, {
    own: file.executor.approve,
    questions,
    transcript,
    colours,
  });
  const executor = executorOf(file, { ...flags, approve });
  const asked = await askedModel(flags);
  const trace =
    flags.trace === undefined
      ? undefined
      : openTraceFile(flags.trace, executor, { content: flags.traceContent });
  const viewer = flags.view === true ? await viewerOf(executor, prompt) : undefined;
  if (viewer !== undefined) transcript.line(`${colours.dim("shown at")} ${colours.bold(viewer.url)}`);
  const controller = new AbortController();
  const detach = onInterrupt(() => {
    transcript.line(colours.yellow("stopping … (Ctrl-C again to leave at once)"));
    controller.abort();
  });
  const reader = new TraceReader();
  const { result } = runAgent({
    model: asked.model,
    executor,
    prompt,
    system,
    maxTurns,
    parallel,
    signal: controller.signal,
    onEvent: (event) => {
      transcript.add(event);
      reader.read(event);
    },
  });
  const ended = await result;
  detach();
  transcript.end();
  if (ended.status === "aborted") for (const line of tellInterruption(reader.trace)) transcript.line(line);
  if (ended.usage.inputTokens > 0)
    for (const line of tellUsage(ended, reader.trace)) transcript.line(colours.dim(line));
  const loss = trace?.close();
  if (loss !== undefined) transcript.line(colours.red(`the trace is not whole: ${loss}`));
  if (viewer !== undefined) {
    if (ended.error !== undefined) transcript.line(colours.red(firstLine(ended.error)));
    transcript.line(colours.dim("The run is over. The page shows it until Ctrl-C."));
    await untilInterrupted();
    await viewer.close();
  }
  process.exitCode = exitCodeOf(ended, asked, flags);
}

/** Where questions are asked; undefined where nobody sees or answers them. */
function openQuestions(): Questions | undefined {
  const { stdin: input, stdout, stderr } = process;
  const screen = createScreen(stdout);
  if (!input.isTTY || !screen.isLive) return undefined;
  return new Questions({
    input,
    screen,
    write: (text) => stdout.write(text),
    streams: [stdout, stderr].filter(isTerminal),
    interrupt,
  });
}

function writeBeside(questions: Questions | undefined, text: string): void {
  if (questions === undefined) process.stdout.write(text);
  else questions.write(text);
}

function executorOf(
  { tools, executor }: ToolsFile,
  { approve, concurrency, eager, ...flags }: Omit<RunFlags, "approve"> & { readonly approve: Approve },
): Executor {
  const said = { ...(concurrency !== undefined && { concurrency }), ...(eager !== undefined && { eager }) };
  try {
    return createExecutor({ ...executor, ...said, tools, approve });
  } catch (error) {
    // Two tools of one name, a cycle of `after`: what only all of them together show.
    throw new UsageError(`${flags.tools}: ${firstLine(error)}`, { cause: error });
  }
}

async function viewerOf(executor: Executor, name: string): Promise<Viewer> {
  const { createViewer } = await import("../../viewer/viewer.ts");
  return createViewer(executor, { name });
}

/** How the command ends with a run; what went wrong is thrown, for the one line that says so. */
function exitCodeOf(
  ended: RunResult<unknown>,
  asked: AskedModel,
  { maxTurns }: Pick<RunFlags, "maxTurns">,
): number {
  switch (ended.status) {
    case "done":
      return 0;
    case "aborted":
      return INTERRUPTED;
    case "max-turns":
      throw new Error(`the model was not done after ${maxTurns} turns; allow more with --max-turns`);
    case "truncated":
      throw new Error("the model's token limit cut its answer off; allow more with --max-tokens");
    case "refused":
      throw new Error("the model declined to answer");
    case "failed": {
      const reason = ended.turns === 1 ? asked.unreachable(ended.error) : undefined;
      throw reason ?? new Error(`the model failed: ${firstLine(ended.error)}`, { cause: ended.error });
    }
  }
}
