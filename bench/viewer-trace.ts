/** A long trace for the viewer to bear: a run on the virtual clock, by a seed. */
import { runAgent } from "../src/agent/run-agent.ts";
import { defineTool, type Tool, type ToolContext } from "../src/index.ts";
import { createExecutor } from "../src/executor/create-executor.ts";
import { createRandom } from "../src/simulator/seed.ts";
import { scriptedModel } from "../src/testing/scripted-model.ts";
import { VirtualClock } from "../src/testing/virtual-clock.ts";
import { recordTrace } from "../src/trace/record-trace.ts";

const CALLS_PER_TURN = 100;
const NAMES = ["read_file", "search", "fetch_page", "query", "edit_file"];

/** The text of a trace of so many calls, in turns of a hundred. */
export async function longTrace(calls: number): Promise<string> {
  const clock = new VirtualClock();
  const random = createRandom("viewer");
  const executor = createExecutor({
    tools: NAMES.map((name) => toolOf(name, clock)),
    clock,
    random,
    concurrency: 16,
    retry: { attempts: 2, baseMs: 20 },
    pools: { api: { concurrency: 6, rate: { count: 60, perMs: 1_000 } } },
  });
  let text = "";
  recordTrace(executor, (line) => (text += line));
  const turns = Array.from({ length: calls / CALLS_PER_TURN }, () => ({
    usage: { inputTokens: 2_000, outputTokens: 900, cachedInputTokens: 1_000 },
    get steps() {
      return [
        clock.sleep(300),
        ...Array.from({ length: CALLS_PER_TURN }, () => ({
          name: NAMES[Math.floor(random() * NAMES.length)] ?? "query",
          input: {
            path: `src/part-${Math.floor(random() * 40)}/file-${Math.floor(random() * 400)}.ts`,
            ms: Math.round(20 + random() * 200),
            fails: random() < 0.02,
          },
        })),
        clock.sleep(500),
      ];
    },
  }));
  const model = scriptedModel([...turns, { steps: ["Done."] }]);
  const { result } = runAgent({ model, executor, prompt: "Go.", maxTurns: turns.length + 1 });
  await clock.runAll();
  await result;
  return text;
}

interface Asked {
  readonly path: string;
  readonly ms: number;
  readonly fails: boolean;
}

function toolOf(name: string, clock: VirtualClock): Tool {
  return defineTool({
    name,
    description: name,
    input: { type: "object" },
    effects: (input) => ({
      [name === "edit_file" ? "writes" : "reads"]: [["file", (input as unknown as Asked).path]],
    }),
    idempotent: true,
    ...(name === "fetch_page" && { pools: ["api"] }),
    execute: async (input, { signal }: ToolContext) => {
      const { ms, fails, path } = input as unknown as Asked;
      await clock.sleep(ms, signal);
      if (fails) throw Object.assign(new Error("503 Service Unavailable"), { status: 503 });
      return { path, lines: ms * 3, text: "export const answer = 42;\n".repeat(8) };
    },
  }) as Tool;
}
