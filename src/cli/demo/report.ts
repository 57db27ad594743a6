/** What the demo prints beside the waterfalls: a scene's table, and in one sentence what was saved. Pure. */
import type { Colours } from "../colours.ts";
import { formatCount, formatMs, formatPercent } from "../../trace/format.ts";
import { inColumns } from "../format.ts";
import { MODES } from "./mode.ts";
import type { ModeFigures } from "./figures.ts";

/** A scene's modes, a line each, compared with the first. */
export function renderTable(modes: readonly ModeFigures[], colours: Colours): string[] {
  const head = ["", "wall", "model", "tools", "turns", "tokens in", "out", "saved", ""];
  const rows = [head, ...modes.map((figures) => cellsOf(figures, modes[0]))];
  return inColumns(rows).map((cells, i) => {
    const line = `  ${cells}`;
    if (i === 0) return colours.dim(line);
    return i === rows.length - 1 && modes.length > 1 ? colours.bold(line) : line;
  });
}

/** What the last mode saved against the first, and by what. Undefined if there is nothing to compare. */
export function tellSaving(modes: readonly ModeFigures[]): string | undefined {
  const first = modes[0];
  const last = modes.at(-1);
  if (first === undefined || last === undefined || last.wallMs >= first.wallMs) return undefined;
  const gains = modes.slice(1).flatMap((figures, i) => {
    const ms = (modes[i]?.wallMs ?? 0) - figures.wallMs;
    return ms < 1 ? [] : [`${formatMs(ms)} by ${gainOf(figures)}`];
  });
  const less = formatPercent(1 - last.wallMs / first.wallMs);
  const share = `${formatMs(last.wallMs)} instead of ${formatMs(first.wallMs)}, ${less} less`;
  return `${share}: ${gains.join(", ")}.`;
}

function cellsOf(figures: ModeFigures, first: ModeFigures | undefined): string[] {
  const savedMs = first === undefined ? 0 : first.wallMs - figures.wallMs;
  return [
    titleOf(figures),
    formatMs(figures.wallMs),
    formatMs(figures.modelMs),
    formatMs(figures.toolMs),
    formatCount(figures.turns),
    formatCount(figures.inputTokens),
    formatCount(figures.outputTokens),
    ...(savedMs < 1 || first === undefined ? [] : [formatMs(savedMs), formatPercent(savedMs / first.wallMs)]),
  ];
}

function titleOf({ mode }: ModeFigures): string {
  return MODES.find(({ name }) => name === mode)?.title ?? mode;
}

function gainOf({ mode }: ModeFigures): string {
  return MODES.find(({ name }) => name === mode)?.gain ?? mode;
}
