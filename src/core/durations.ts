/** How long calls are expected to take: what their tool says, else a moving mean of those of the same tool. */
import { dropRejection } from "./thrown.ts";
import type { Tool } from "./tool.ts";

/** The weight of the latest call in the mean. */
const WEIGHT = 0.2;
/** No call takes no time: of paths that seem to, the one of more calls is the longer. */
const LEAST_MS = 0.001;

/** What an executor has learned of its tools. */
export class Durations {
  readonly #means = new Map<Tool, { ms: number }>();

  /** An attempt has gone well. */
  note(tool: Tool, ms: number): void {
    const mean = this.#means.get(tool);
    if (mean === undefined) this.#means.set(tool, { ms });
    else mean.ms += WEIGHT * (ms - mean.ms);
  }

  /** Milliseconds that a call is expected to take; of a tool of which nothing is known as long as the mean of the others. */
  expectedMs(tool: Tool | undefined, input: unknown): number {
    const given = tool && givenMs(tool, input);
    return Math.max(LEAST_MS, given ?? (tool && this.#means.get(tool)?.ms) ?? this.#meanOfAll());
  }

  #meanOfAll(): number {
    if (this.#means.size === 0) return 1;
    let sum = 0;
    for (const { ms } of this.#means.values()) sum += ms;
    return sum / this.#means.size;
  }
}

function givenMs({ expectedMs }: Tool, input: unknown): number | undefined {
  if (typeof expectedMs !== "function") return expectedMs;
  try {
    const ms: unknown = expectedMs(input as never);
    dropRejection(ms);
    return typeof ms === "number" && ms >= 0 ? ms : undefined;
  } catch {
    // It is a hint: without it the call runs all the same.
    return undefined;
  }
}
