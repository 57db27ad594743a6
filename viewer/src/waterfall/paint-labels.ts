/** Writes beside the bars of a row how long they took, and into waits that have room what they were for. */
import { formatMs } from "../format.ts";
import { durationOf } from "../rows/row-words.ts";
import type { CallRow, Row, TurnRow } from "../rows/row.ts";
import { ROW_HEIGHT } from "./geometry.ts";
import { WAIT_STYLES } from "./patterns.ts";
import { spanOf, type Picture, type Span } from "./picture.ts";

interface Label {
  readonly text: string;
  /** What it belongs to. */
  readonly span: Span;
  /** The upper edge of its row. */
  readonly y: number;
  readonly inside: boolean;
  readonly colour: string;
  /** What is drawn around its letters, or behind them, so that no line runs through them. */
  readonly halo?: string;
  readonly isBoxed?: boolean;
}

const GAP = 6;

/** A wait that is narrower is not labelled. */
const LEAST_WAIT = 56;

/** To measure a text takes longer than to draw it. */
const MEASURED_AT_MOST = 2_000;

/** Writes the labels of a row whose upper edge is at `y`, on its ground. */
export function paintLabels(picture: Picture, row: Row, { y, ground }: LabelPlace): void {
  if (row.kind === "turn") labelTurn(picture, row, { y, ground });
  else labelCall(picture, row, { y, ground });
}

/** Where a row's labels go. */
export interface LabelPlace {
  readonly y: number;
  readonly ground: string;
}

function labelTurn(picture: Picture, { turn }: TurnRow, { y, ground }: LabelPlace): void {
  if (turn.turn === undefined) return;
  const { palette, nowMs } = picture;
  const span = spanOf(picture, turn.fromMs, turn.modelToMs ?? nowMs);
  if (span === undefined) return;
  const ms = formatMs((turn.modelToMs ?? nowMs) - turn.fromMs);
  const behind = { span, y, inside: false, halo: ground, isBoxed: true };
  if (turn.status === "broken")
    write(picture, { ...behind, text: `✗ broke off after ${ms}`, colour: palette.failed });
  else if (fitsInside(picture, span, `model ${ms}`))
    write(picture, { text: `model ${ms}`, span, y, inside: true, colour: palette.surface });
  else write(picture, { ...behind, text: ms, colour: palette.muted });
}

function labelCall(picture: Picture, row: CallRow, { y, ground }: LabelPlace): void {
  const { call } = row;
  const { palette, nowMs } = picture;
  for (const stretch of call.stretches) {
    if (stretch.kind !== "wait") continue;
    const span = spanOf(picture, stretch.fromMs, stretch.toMs ?? nowMs);
    const { word: told, style } = WAIT_STYLES[stretch.wait.for];
    const word = stretch.toMs === undefined ? "waits" : told;
    if (span === undefined || span.to - span.from < LEAST_WAIT || !fitsInside(picture, span, word)) continue;
    const box = { halo: style === "framed" ? palette.waitPale : ground, isBoxed: true };
    write(picture, { text: word, span, y, inside: true, colour: palette.muted, ...box });
  }
  const span = spanOf(picture, call.queuedMs, call.settledMs ?? nowMs);
  if (span === undefined) return;
  const isBad = call.status === "failed" || call.status === "timed-out";
  const duration = durationOf(row, nowMs);
  const words = [
    isBad ? "✗" : call.status === "ok" || call.status === "going" ? "" : call.status,
    duration === undefined ? "" : formatMs(duration),
    call.status === "going" ? "…" : "",
  ];
  const colour = isBad ? palette.failed : palette.muted;
  write(picture, { text: words.filter(Boolean).join(" "), span, y, inside: false, colour, halo: ground });
}

/** Inside its span, or behind it, or, where there is no room, before it. */
function write(picture: Picture, { text, span, y, inside, colour, halo, isBoxed = false }: Label): void {
  if (text === "") return;
  const { context, width } = picture;
  const length = widthOf(picture, text);
  const seen = { from: Math.max(0, span.from), to: Math.min(width, span.to) };
  let x = seen.to + GAP;
  if (inside) x = (seen.from + seen.to - length) / 2;
  else if (x + length > width) x = seen.from - GAP - length;
  if (x < 0) return;
  const middle = y + ROW_HEIGHT / 2 + 0.5;
  if (halo !== undefined && isBoxed) {
    context.fillStyle = halo;
    context.fillRect(x - 4, y + 5, length + 8, ROW_HEIGHT - 10);
  } else if (halo !== undefined) {
    context.strokeStyle = halo;
    context.strokeText(text, x, middle);
  }
  context.fillStyle = colour;
  context.fillText(text, x, middle);
}

/** Whether a text fits into the part of a span that is seen. */
function fitsInside(picture: Picture, { from, to }: Span, text: string): boolean {
  const room = Math.min(picture.width, to) - Math.max(0, from);
  return room > widthOf(picture, text) + 2 * GAP;
}

function widthOf({ context, widths }: Picture, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > MEASURED_AT_MOST) widths.clear();
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}
