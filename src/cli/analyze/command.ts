/** `tutti analyze`. */
import { writeFile } from "node:fs/promises";
import { analyzeSessions, type Analysis } from "../../analyze/analysis.ts";
import { createScreen } from "../screen.ts";
import { firstLine, UsageError } from "../usage-error.ts";
import { readHistories } from "./files.ts";
import { renderReport } from "./report.ts";

/** What the command line says. */
export interface AnalyzeFlags {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly json?: true;
  readonly html?: string;
  readonly failUnder?: number;
}

/** Analyses files, and says what one-call turns cost. */
export async function analyze(paths: readonly string[], flags: AnalyzeFlags): Promise<void> {
  const { json, html, failUnder, ...kinds } = flags;
  const { sessions, notes } = await readHistories(paths);
  const analysis = analyzeSessions(sessions, kinds);
  if (html !== undefined) {
    const { renderPage } = await import("./page.ts");
    await write(html, await renderPage({ analysis, sessions, notes, kinds }));
  }
  if (json === true) console.log(JSON.stringify({ ...analysis, notes }, undefined, 2));
  else {
    const screen = createScreen(process.stdout);
    screen.print(...renderReport({ analysis, notes }, screen));
  }
  if (failUnder !== undefined) judge(analysis, failUnder);
}

/** The gate of a build: one line says why it is shut. */
function judge({ toolTurns, callsPerTurn, calls }: Analysis, failUnder: number): void {
  if (toolTurns > 0 && callsPerTurn >= failUnder) return;
  process.exitCode = 1;
  console.error(
    toolTurns === 0
      ? `tutti: no turn makes a call, so there are no calls per turn to hold against ${failUnder}`
      : `tutti: ${callsPerTurn.toFixed(2)} calls per turn (${calls} calls in ${toolTurns} turns), under the ${failUnder} asked for`,
  );
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`${path} can't be written: ${firstLine(error)}`, { cause: error });
  }
}
