/** `tutti analyze`. */
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { analyzeSessions, type Analysis } from "../../analyze/analysis.ts";
import { readSessions, type Reading } from "../../analyze/read-sessions.ts";
import { createScreen } from "../screen.ts";
import { firstLine, UsageError } from "../usage-error.ts";
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
  const names = namesOf([...new Set(paths)]);
  const readings = await Promise.all([...names].map(([path, name]) => readFileOf(path, name)));
  const sessions = readings.flatMap((reading) => reading.sessions);
  const analysis = analyzeSessions(sessions, kinds);
  const notes = readings.flatMap(({ name, notes: own }) => own.map((note) => `${name}: ${note}`));
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

/** A file's name without its folders, unless two have the same. */
function namesOf(paths: readonly string[]): Map<string, string> {
  const short = paths.map((path) => basename(path));
  return new Map(
    paths.map((path, i) => {
      const name = short[i] ?? path;
      return [path, short.indexOf(name) === short.lastIndexOf(name) ? name : path];
    }),
  );
}

async function readFileOf(path: string, name: string): Promise<Reading & { readonly name: string }> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`${path}: no such file`, { cause: error });
    if (code === "EISDIR")
      throw new UsageError(`${path} is a folder: name the files in it`, { cause: error });
    throw new UsageError(`${path} can't be read: ${firstLine(error)}`, { cause: error });
  }
  return { name, ...readSessions(text, { name }) };
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`${path} can't be written: ${firstLine(error)}`, { cause: error });
  }
}
