/**
 * What can be said on the command line. What a command does is loaded when it is asked for: help, and what commander
 * itself finds wrong, need none of it.
 */
import { Command, Option } from "commander";
import type { DemoFlags } from "./demo/command.ts";
import { MODES } from "./demo/mode.ts";
import { parseCount, parsePort, parseUrl } from "./options.ts";
import type { RunFlags } from "./run/command.ts";
import type { SimulateFlags } from "./simulate/command.ts";

/** The program, ready to parse. What is wrong it throws, and prints nothing. */
export function createProgram(version: string): Command {
  const program = new Command("tutti")
    .description("Runs the tool calls of AI agents: at once where that is safe, in order where it is not.")
    .version(version)
    .addCommand(demoCommand())
    .addCommand(runCommand())
    .addCommand(simulateCommand());
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  return program;
}

function demoCommand(): Command {
  return new Command("demo")
    .description("watch the same tool calls run in four ways; needs no key")
    .addOption(new Option("--scene <name>", "play one scene only").choices(["customer", "release"]))
    .addOption(new Option("--mode <name>", "play it in one way only").choices(MODES.map(({ name }) => name)))
    .option("--json", "print the figures as one JSON object, and nothing else")
    .action(async (flags: DemoFlags) => (await import("./demo/command.ts")).demo(flags));
}

function runCommand(): Command {
  return new Command("run")
    .description("ask a model, and run the tools of a file for it")
    .argument("<prompt>", "what you say to the model")
    .requiredOption(
      "--tools <file>",
      "a module with tools: its export `tools`, an array of what defineTool returns, or else all its exports that are tools",
    )
    .option("--model <name>", "the model", "claude-sonnet-5-5")
    .addOption(
      new Option(
        "--base-url <url>",
        "another server than the provider's, such as `tutti simulate`; on loopback no key is needed",
      )
        .env("ANTHROPIC_BASE_URL")
        .argParser(parseUrl),
    )
    .option("--system <text>", "the system prompt")
    .option("--max-turns <n>", "turns that the model may take", parseCount, 20)
    .option("--max-tokens <n>", "tokens that one turn may have", parseCount, 8192)
    .addOption(
      new Option("--eager <which>", "calls that may start while the model still writes")
        .choices(["off", "reads", "all"])
        .default("reads"),
    )
    .option("--concurrency <n>", "calls that may run at once", parseCount, 10)
    .option("--trace <file>", "write every event as a line of JSON")
    .addHelpText("after", "\nThe key is read from ANTHROPIC_API_KEY. Ctrl-C stops cleanly, twice at once.")
    .action(async (prompt: string, flags: RunFlags) => (await import("./run/command.ts")).run(prompt, flags));
}

function simulateCommand(): Command {
  return new Command("simulate")
    .description("be a provider that answers with a scenario, for development without a key")
    .argument("<scenario>", "a YAML file that says what the model says, turn by turn")
    .addOption(new Option("--port <n>", "the port; 0 for any that is free").argParser(parsePort).default(0))
    .addOption(
      new Option("--calls-per-turn <how>", "one: a model that makes its calls one turn at a time").choices([
        "all",
        "one",
      ]),
    )
    .action(async (path: string, flags: SimulateFlags) =>
      (await import("./simulate/command.ts")).simulate(path, flags),
    );
}
