/** The bar of a row, and the note behind it. Pure. Each way to spend time has a character of its own. */
import { STATUS_SIGNS } from "../../trace/labels.ts";
import type { TracedCall } from "../../trace/trace.ts";
import type { Colours } from "../colours.ts";
import { formatMs } from "../../trace/format.ts";
import { clip } from "../format.ts";
import type { Row } from "./rows.ts";
import { isWork, segmentsOf, type Segment, type SegmentKind } from "./segments.ts";

/** How a row ended, if it has. */
export type RowStatus = TracedCall["status"] | "broken";

/** What a bar is drawn with. */
export interface Drawing {
  readonly nowMs: number;
  /** The column of a moment. */
  readonly column: (ms: number) => number;
  /** Columns that a bar and its note have together. */
  readonly room: number;
  readonly colours: Colours;
}

type Paint = (text: string) => string;

const CHARACTERS: Readonly<Record<SegmentKind, string>> = {
  model: "━",
  running: "▒",
  twice: "≡",
  failed: "▓",
  holds: "─",
  unknown: "·",
  validation: "·",
  close: "·",
  call: "┄",
  lock: "┄",
  slot: "┄",
  rate: "┄",
  approval: "┄",
  retry: "┄",
};

/** Why a call waits, in a word that is written into the wait where it fits. */
const REASONS: Partial<Record<SegmentKind, string>> = {
  lock: "lock",
  slot: "slot",
  call: "in line",
  rate: "rate",
  approval: "approval",
  retry: "retry",
};

/** A row's stretches, and how it ended. */
export function renderBar(row: Row, drawing: Drawing): string {
  const { colours, room, nowMs } = drawing;
  const { text, column } = renderSegments(segmentsOf(row), statusOf(row), drawing);
  return `${text} ${noteColour(row, colours)(clip(noteOf(row, nowMs), room - column - 1))}`;
}

/** Stretches of time as characters, and the column behind them. */
export function renderSegments(
  segments: readonly Segment[],
  status: RowStatus,
  drawing: Omit<Drawing, "room">,
): { readonly text: string; readonly column: number } {
  const { nowMs, column: columnOf, colours } = drawing;
  let text = "";
  let column = 0;
  for (const segment of segments) {
    const begin = columnOf(segment.fromMs);
    const from = Math.max(column, begin);
    // Work is seen however short it is, unless other work is seen in its column.
    const least = isWork(segment) && begin === from ? 1 : 0;
    const to = Math.max(from + least, columnOf(segment.toMs ?? nowMs));
    const paint = from === to ? String : paintOf(segment.kind, status, colours);
    text += " ".repeat(from - column) + paint(fill(segment, status, to - from));
    column = to;
  }
  return { text, column };
}

/** A character of a kind, twice, as the legend shows it. */
export function sampleOf(kind: SegmentKind, status: RowStatus, colours: Colours): string {
  return paintOf(kind, status, colours)(characterOf(kind, status).repeat(2));
}

/** What stands behind a bar: how it ended, and how long the model wrote or the tool ran. */
export function noteOf(row: Row, nowMs: number): string {
  const status = statusOf(row);
  const worked = segmentsOf(row)
    .filter(isWork)
    .map(({ fromMs, toMs }) => (toMs ?? nowMs) - fromMs);
  const time = worked.length > 0 ? formatMs(worked.reduce((sum, ms) => sum + ms)) : "";
  // That the model stopped is nothing to be praised for.
  const mark = status === "going" || (row.kind === "turn" && status === "ok") ? "" : STATUS_SIGNS[status];
  const attempts = row.kind === "call" && row.call.attempts.length > 1 ? `×${row.call.attempts.length}` : "";
  const word = status === "ok" || status === "going" ? "" : status;
  return [mark, time, attempts, word].filter((part) => part !== "").join(" ");
}

function statusOf(row: Row): RowStatus {
  if (row.kind === "call") return row.call.status;
  return row.turn.status === "ended" ? "ok" : row.turn.status;
}

function fill({ kind }: Segment, status: RowStatus, width: number): string {
  const reason = REASONS[kind] ?? "";
  const character = characterOf(kind, status);
  if (reason === "" || width < reason.length + 2) return character.repeat(width);
  const before = Math.floor((width - reason.length) / 2);
  return character.repeat(before) + reason + character.repeat(width - reason.length - before);
}

function characterOf(kind: SegmentKind, status: RowStatus): string {
  if (kind !== "running" || status === "going") return CHARACTERS[kind];
  return status === "ok" ? "█" : "▓";
}

function paintOf(kind: SegmentKind, status: RowStatus, colours: Colours): Paint {
  if (kind === "model") return status === "broken" ? colours.red : colours.cyan;
  if (kind === "failed") return colours.red;
  if (kind !== "running" && kind !== "twice") return colours.dim;
  if (status === "going") return colours.yellow;
  return status === "ok" ? colours.green : colours.red;
}

function noteColour(row: Row, colours: Colours): Paint {
  const status = statusOf(row);
  if (row.kind === "turn" && status !== "broken") return colours.dim;
  if (status === "ok") return colours.green;
  if (status === "going") return colours.yellow;
  return status === "skipped" ? colours.dim : colours.red;
}
