#!/usr/bin/env node
/**
 * The command line: parses, calls the library, renders. What a user can put right is told in one line and ends with exit
 * code 2, a run that failed with 1, one that was interrupted with 130.
 */
import { readFileSync } from "node:fs";
import { CommanderError, type Command } from "commander";
import { TuttiError } from "../core/errors.ts";
import { coloursFor } from "./colours.ts";
import { createProgram } from "./program.ts";
import { firstLine, UsageError } from "./usage-error.ts";

/** The codes of errors that the user can put right. */
const USAGE = new Set(["invalid-file", "missing-dependency", "unreachable"]);

process.stdout.on("error", leaveWithReader);
const code = await main(process.argv);
// Not left to the end of the event loop: tools may keep connections open. What was written first has to leave.
process.stdout.write("", () => process.exit(code));

async function main(argv: readonly string[]): Promise<number> {
  const program = createProgram(versionOf("../../package.json"));
  try {
    if (argv.length <= 2) program.outputHelp();
    else await program.parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Its help was printed, which says all.
    if (error instanceof CommanderError && error.code === "commander.help") return 2;
    const isUsage =
      error instanceof CommanderError ||
      error instanceof UsageError ||
      (error instanceof TuttiError && USAGE.has(error.code));
    // Commander has more to say after a line break: "(Did you mean …?)".
    const message =
      error instanceof CommanderError
        ? `${error.message.replace(/^error: /, "").replaceAll("\n", " ")}; see: ${helpFor(argv[2], program)}`
        : firstLine(error);
    console.error(`${coloursFor(process.stderr).red("tutti:")} ${message}`);
    return isUsage ? 2 : 1;
  }
}

function helpFor(name: string | undefined, { commands }: Command): string {
  return commands.some((command) => command.name() === name) ? `tutti ${name} --help` : "tutti --help";
}

function versionOf(path: string): string {
  const { version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as { version: string };
  return version;
}

/** `tutti demo | head`: nobody reads any more. */
function leaveWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
}
