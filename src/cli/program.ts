/**
 * What can be said on the command line. What a command does is loaded when it is asked for: help, and what commander
 * itself finds wrong, need none of it.
 */
import { Command, Option } from "commander";
import { ENVIRONMENT, modelOptions } from "./asked-model.ts";
import type { AnalyzeFlags } from "./analyze/command.ts";
import type { DemoFlags } from "./demo/command.ts";
import { MODES } from "./demo/mode.ts";
import { parseCount, parsePort, parsePositive } from "./options.ts";
import type { ProbeFlags } from "./probe/command.ts";
import { PROVIDER_NAMES } from "./provider.ts";
import type { RunFlags } from "./run/command.ts";
import { QUIRKS } from "../simulator/protocol.ts";
import { CALLS_PER_TURN } from "../simulator/scenario.ts";
import type { SimulateFlags } from "./simulate/command.ts";
import type { ShowFlags, TraceFlags } from "./trace/command.ts";
import type { ViewFlags } from "./view/command.ts";
import { CONTENTS, EXPORTS, type ExportFlags } from "./trace-export/flags.ts";

/** The program, ready to parse. What is wrong it throws, and prints nothing. */
export function createProgram(version: string): Command {
  const program = new Command("tutti")
    .description("Runs the tool calls of AI agents: at once where that is safe, in order where it is not.")
    .version(version)
    .addCommand(demoCommand())
    .addCommand(runCommand())
    .addCommand(probeCommand())
    .addCommand(analyzeCommand())
    .addCommand(traceCommand())
    .addCommand(simulateCommand())
    .addCommand(viewCommand());
  throwMistakes(program);
  return program;
}

function throwMistakes(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  for (const inner of command.commands) throwMistakes(inner);
}

function demoCommand(): Command {
  return new Command("demo")
    .description("watch the same tool calls run in four ways; needs no key")
    .addOption(
      new Option("--provider <name>", "whose protocol and client are played")
        .choices(PROVIDER_NAMES)
        .default("anthropic"),
    )
    .addOption(new Option("--scene <name>", "play one scene only").choices(["customer", "release"]))
    .addOption(new Option("--mode <name>", "play it in one way only").choices(MODES.map(({ name }) => name)))
    .option("--json", "print the figures as one JSON object, and nothing else")
    .action(async (flags: DemoFlags) => (await import("./demo/command.ts")).demo(flags));
}

function runCommand(): Command {
  const command = new Command("run")
    .description("ask a model, and run the tools of a file for it")
    .argument("<prompt>", "what you say to the model")
    .requiredOption(
      "--tools <file>",
      "a module with tools: its export `tools`, an array of what defineTool returns, or else all its exports that are tools; and `executor`, options of createExecutor",
    )
    .option("--system <text>", "the system prompt")
    .option("--max-turns <n>", "turns that the model may take", parseCount, 20)
    .addOption(
      new Option(
        "--approve <how>",
        "calls that need approval: ask in the terminal, allow all or none (default: `approve` of the file's `executor`, or ask; without a terminal none)",
      ).choices(["ask", "all", "none"]),
    )
    .addOption(
      new Option(
        "--eager <which>",
        'calls that may start while the model still writes (default: the file\'s, or "reads")',
      ).choices(["off", "reads", "all"]),
    )
    .option("--concurrency <n>", "calls that may run at once (default: the file's, or 10)", parseCount)
    .addOption(
      new Option("--parallel <how>", "whether the model may ask for several calls in a turn")
        .choices(["auto", "one-at-a-time"])
        .default("auto"),
    )
    .option("--trace <file>", "write every event as a line of JSON")
    .option("--view", "show the run in a browser while it goes on, and until Ctrl-C")
    .addOption(
      new Option("--trace-content <how>", "what becomes of inputs, outputs, texts and messages in it")
        .choices(CONTENTS)
        .default("full"),
    )
    .addHelpText("after", `${ENVIRONMENT}\n\nCtrl-C stops cleanly, twice at once.`)
    .action(async (prompt: string, flags: RunFlags) => (await import("./run/command.ts")).run(prompt, flags));
  for (const option of modelOptions()) command.addOption(option);
  return command;
}

function probeCommand(): Command {
  const command = new Command("probe")
    .description("does this model call tools in parallel, and what helps? asks it the same in five ways")
    .option("--json", "print the figures as one JSON object, and nothing else")
    .addHelpText("after", ENVIRONMENT)
    .action(async (flags: ProbeFlags) => (await import("./probe/command.ts")).probe(flags));
  for (const option of modelOptions()) command.addOption(option);
  return command;
}

function analyzeCommand(): Command {
  return new Command("analyze")
    .description(
      "what do one-call turns cost an agent? reads its histories; needs no key, and no Tutti in it",
    )
    .argument(
      "<files...>",
      "message lists or requests of Anthropic, OpenAI (both APIs) or Gemini, as JSON or JSONL; session logs of Claude Code or Codex; OpenTelemetry GenAI spans as JSON; folders of these; - for what is piped in",
    )
    .option("--reads <glob>", "tools that only read, whatever their names say; may be given again", another)
    .option("--writes <glob>", "tools that may write, whatever their names say; may be given again", another)
    .option("--json", "print the analysis as one JSON object, and nothing else")
    .option("--html <file>", "write the report as a page, too")
    .option(
      "--fail-under <calls>",
      "exit with 1 when there are fewer calls per turn with calls",
      parsePositive,
    )
    .action(async (paths: string[], flags: AnalyzeFlags) =>
      (await import("./analyze/command.ts")).analyze(paths, flags),
    );
}

/** One more value of an option that may be given again: a list would take the files behind it, too. */
function another(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function traceCommand(): Command {
  const trace = new Command("trace").description("look at what `tutti run --trace` or `recordTrace` wrote");
  const command = (name: string, description: string) =>
    trace
      .command(name)
      .description(description)
      .option("--run <name>", "one run of the trace, such as r1 (default: all that is in it)")
      .option("--json", "print one JSON object, and nothing else");
  const load = async () => import("./trace/command.ts");
  command("show", "the waterfall: turns, calls, waits, the critical path, and the limits in use")
    .argument("<file>", "the trace")
    .option("--limit <n>", "calls shown at most (default: 60 in a terminal, else all)", parseCount)
    .action(async (path: string, flags: ShowFlags) => (await load()).show(path, flags));
  command("summary", "the figures: times, tokens, calls, waits, tools and errors")
    .argument("<file>", "the trace")
    .action(async (path: string, flags: TraceFlags) => (await load()).summary(path, flags));
  command("critical-path", "what the time went into, and what would make it shorter")
    .argument("<file>", "the trace")
    .action(async (path: string, flags: TraceFlags) => (await load()).showCriticalPath(path, flags));
  command("diff", "two traces of the same scene: what took longer, what shorter, what only one has")
    .argument("<a>", "a trace")
    .argument("<b>", "another")
    .action(async (a: string, b: string, flags: TraceFlags) => (await load()).diff(a, b, flags));
  trace.addCommand(exportCommand());
  return trace;
}

function exportCommand(): Command {
  return new Command("export")
    .description("the trace for Perfetto and Chrome's trace viewer, or as OpenTelemetry spans")
    .argument("<file>", "the trace")
    .addOption(new Option("--to <what>", "the format").choices(EXPORTS).makeOptionMandatory())
    .option("-o, --output <file>", "write it there (default: print it)")
    .addOption(
      new Option(
        "--content <how>",
        "what becomes of inputs, outputs and messages in spans (default: none)",
      ).choices(CONTENTS),
    )
    .action(async (path: string, flags: ExportFlags) =>
      (await import("./trace-export/command.ts")).exportTrace(path, flags),
    );
}

function simulateCommand(): Command {
  return new Command("simulate")
    .description("be a provider that answers with a scenario, for development without a key")
    .argument("<scenario>", "a YAML file that says what the model says, turn by turn")
    .addOption(new Option("--port <n>", "the port; 0 for any that is free").argParser(parsePort).default(0))
    .addOption(
      new Option(
        "--calls-per-turn <how>",
        "a model that makes its calls one turn at a time: always, unless it is asked for all at once, or unless it has a batch tool",
      ).choices(CALLS_PER_TURN),
    )
    .addOption(
      new Option("--quirk <name...>", "ways in which the server departs from its provider").choices(QUIRKS),
    )
    .action(async (path: string, flags: SimulateFlags) =>
      (await import("./simulate/command.ts")).simulate(path, flags),
    );
}

function viewCommand(): Command {
  return new Command("view")
    .description("show a trace in a browser; it may still be growing")
    .argument("<trace>", "what `tutti run --trace` or `recordTrace` wrote")
    .argument("[other]", "a second one, to compare")
    .addOption(new Option("--port <n>", "the port; 0 for any that is free").argParser(parsePort).default(0))
    .option(
      "--host <address>",
      "where to listen; beyond this machine, who has the link reads the trace",
      "127.0.0.1",
    )
    .action(async (path: string, other: string | undefined, flags: ViewFlags) =>
      (await import("./view/command.ts")).view(path, other, flags),
    );
}
