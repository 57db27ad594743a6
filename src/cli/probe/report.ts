/** What a probe prints: a line for each way to ask, and in a sentence or two what they come to. Pure. */
import { whatHelps, type ProbeFigures } from "../../agent/probe.ts";
import type { Colours } from "../colours.ts";
import { formatCount, formatMs } from "../../trace/format.ts";
import { oneLine } from "../format.ts";

/** How each way is called, for people. */
const TITLES: Readonly<Record<ProbeFigures["variant"], string>> = {
  "as-it-is": "as it is",
  mild: "mild nudge",
  strong: "strong nudge",
  "per-turn": "nudge per turn",
  "batch-tool": "batch tool",
};

const WIDTHS: readonly number[] = [16, 14, 8, 7, 9, 11, 7];

/** The head of the table. */
export const HEAD = row(["", "calls per turn", "widest", "turns", "time", "tokens in", "out"]);

/** One way to ask. */
export function renderFigures(figures: ProbeFigures, { green, red, yellow }: Colours): string {
  const { variant, status, error, callsPerTurn, widest, turns, wallMs, usage } = figures;
  const cells = [
    TITLES[variant],
    callsPerTurn.toFixed(1),
    formatCount(widest),
    formatCount(turns),
    formatMs(wallMs),
    formatCount(usage.inputTokens),
    formatCount(usage.outputTokens),
  ];
  if (status === "failed") return `${row(cells)}  ${red(`failed: ${oneLine(error?.message ?? "")}`)}`;
  if (status !== "done") return `${row(cells)}  ${yellow(status)}`;
  return widest > 1 ? green(row(cells)) : row(cells);
}

/** Whether the model calls in parallel, and what helps. */
export function tellFinding(figures: readonly ProbeFigures[]): string {
  const asItIs = figures.find(({ variant }) => variant === "as-it-is");
  const [best] = whatHelps(figures);
  if (figures.every(({ calls }) => calls === 0))
    return "This model made no call at all, so nothing is known of it.";
  if (best === undefined) {
    return "This model makes one call per turn, whatever it is told. Only fewer, larger tools will save it a turn.";
  }
  if (asItIs !== undefined && asItIs.widest > 1) {
    const isBetter = best.callsPerTurn > asItIs.callsPerTurn;
    return `This model calls in parallel by itself.${isBetter ? ` It does so most with: ${adviceOf(best)}.` : ""}`;
  }
  return `This model makes one call per turn by itself. It calls in parallel with: ${adviceOf(best)}.`;
}

function adviceOf({ variant }: ProbeFigures): string {
  switch (variant) {
    case "as-it-is":
      return "nothing added";
    case "batch-tool":
      return "the batch tool, batchTool() among the executor's tools";
    case "mild":
    case "strong":
    case "per-turn":
      return `the ${TITLES[variant]}, runAgent({ nudge: "${variant}" })`;
  }
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0)))
    .join(" ")
    .trimEnd();
}
