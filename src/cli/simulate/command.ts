/** `tutti simulate`. */
import { readFile } from "node:fs/promises";
import type { Quirk } from "../../simulator/protocol.ts";
import { parseScenario } from "../../simulator/scenario-file.ts";
import type { CallsPerTurn } from "../../simulator/scenario.ts";
import { startSimulator } from "../../simulator/server.ts";
import { renderRequest } from "./request-line.ts";
import { listening } from "../listening.ts";
import { untilInterrupted } from "../run/interrupt.ts";
import { allProviders } from "../provider.ts";
import { createScreen, type Screen } from "../screen.ts";
import { UsageError } from "../usage-error.ts";

/** What the command line says. */
export interface SimulateFlags {
  readonly port: number;
  readonly callsPerTurn?: CallsPerTurn;
  readonly quirk?: readonly Quirk[];
}

/** Plays a provider until it is interrupted. */
export async function simulate(
  path: string,
  { port, callsPerTurn, quirk = [] }: SimulateFlags,
): Promise<void> {
  const screen = createScreen(process.stdout);
  const scenario = parseScenario(await readScenario(path), { source: path });
  let requests = 0;
  const simulator = await listening(port, () =>
    startSimulator({
      scenario,
      port,
      quirks: quirk,
      ...(callsPerTurn === undefined ? {} : { callsPerTurn }),
      onRequest: (request) => screen.print(...renderRequest(request, ++requests, screen.colours)),
    }),
  );
  try {
    greet(screen, scenario.name, simulator.url);
    await untilInterrupted();
  } finally {
    await simulator.close();
  }
}

function greet(screen: Screen, name: string, url: string): void {
  const { bold, dim } = screen.colours;
  screen.print(
    `${bold(name)} is served at ${bold(url)}`,
    "",
    ...allProviders().flatMap(({ name, path, example }) => [
      `  ${dim(`# ${name}`)}`,
      `  ${example(`${url}${path}`)}`,
      `  tutti run "<prompt>" --tools <file> --provider ${name} --base-url ${url}${path}`,
    ]),
    "",
    dim("Ctrl-C stops it."),
    "",
  );
}

async function readScenario(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : `it cannot be read (${code})`;
    throw new UsageError(`scenario ${path}: ${reason}`, { cause: error });
  }
}
