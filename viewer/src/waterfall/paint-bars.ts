/** Draws the bars of one row: a turn as a band of the model's time, a call as its waits and its attempts. */
import type { Stretch, TracedAttempt, TracedCall } from "../../../src/trace/trace.ts";
import { spanOfRow } from "../rows/row-words.ts";
import type { CallRow, Row, TurnRow } from "../rows/row.ts";
import { BAR, ROW_HEIGHT } from "./geometry.ts";
import { WAIT_STYLES } from "./patterns.ts";
import { spanOf, type Picture, type Span } from "./picture.ts";

/** Draws the bars of a row whose upper edge is at `y`. */
export function paintRow(picture: Picture, row: Row, y: number): void {
  if (row.kind === "turn") paintTurn(picture, row, y);
  else paintCall(picture, row, y);
  paintPointer(picture, row, y);
}

/** At the edge, where all of a row lies beyond it. */
function paintPointer({ context, palette, range, width, nowMs }: Picture, row: Row, y: number): void {
  const { fromMs, toMs } = spanOfRow(row, nowMs);
  const isBefore = toMs < range.fromMs;
  if (!isBefore && fromMs <= range.toMs) return;
  const x = isBefore ? 5 : width - 5;
  const middle = y + ROW_HEIGHT / 2;
  context.fillStyle = palette.wait;
  context.beginPath();
  context.moveTo(x, middle);
  context.lineTo(isBefore ? x + 4 : x - 4, middle - 3.5);
  context.lineTo(isBefore ? x + 4 : x - 4, middle + 3.5);
  context.fill();
}

function paintTurn(picture: Picture, row: TurnRow, y: number): void {
  const { context, palette, nowMs } = picture;
  const { turn, calls } = row;
  const top = y + 6;
  const height = ROW_HEIGHT - 12;
  const whole = spanOf(picture, turn.fromMs, spanOfRow(row, nowMs).toMs);
  if (whole !== undefined) {
    context.fillStyle = palette.wait;
    context.fillRect(whole.from, y + ROW_HEIGHT / 2, whole.to - whole.from, 1);
    context.fillRect(whole.to - 1, top + 2, 1, height - 3);
  }
  const model = turn.turn === undefined ? undefined : spanOf(picture, turn.fromMs, turn.modelToMs ?? nowMs);
  if (model !== undefined) {
    context.fillStyle = turn.status === "broken" ? picture.patterns.failed : palette.model;
    context.fillRect(model.from, top, model.to - model.from, height);
  }
  // Above the band, so that its label can be read.
  context.fillStyle = palette.ink;
  for (const { queuedMs } of calls) {
    const at = picture.x(queuedMs);
    if (at >= 0 && at <= picture.width) context.fillRect(Math.round(at), y + 1, 1, 5);
  }
}

function paintCall(picture: Picture, { call }: CallRow, y: number): void {
  if (call.isWrapper) return paintWrapper(picture, call, y);
  for (const stretch of call.stretches) if (stretch.kind === "wait") paintWait(picture, stretch, y);
  for (const attempt of call.attempts) paintAttempt(picture, { call, attempt }, y);
  for (const { atMs } of call.progress) paintProgress(picture, atMs, y);
}

/** What holds calls does nothing itself: a bracket over them. */
function paintWrapper(
  picture: Picture,
  { queuedMs, settledMs = picture.nowMs }: TracedCall,
  y: number,
): void {
  const span = spanOf(picture, queuedMs, settledMs);
  if (span === undefined) return;
  const { context, palette } = picture;
  context.fillStyle = palette.wait;
  const top = y + BAR.top + 3;
  context.fillRect(span.from, top, span.to - span.from, 2);
  context.fillRect(span.from, top, 2, 7);
  context.fillRect(span.to - 2, top, 2, 7);
}

function paintWait(picture: Picture, stretch: Extract<Stretch, { kind: "wait" }>, y: number): void {
  const span = spanOf(picture, stretch.fromMs, stretch.toMs ?? picture.nowMs);
  if (span === undefined) return;
  const { context, palette, patterns } = picture;
  const { style } = WAIT_STYLES[stretch.wait.for];
  const top = y + BAR.top + 1;
  const height = BAR.height - 2;
  const width = span.to - span.from;
  const middle = Math.round(y + ROW_HEIGHT / 2);
  switch (style) {
    case "thin":
      context.fillStyle = palette.wait;
      context.fillRect(span.from, middle - 0.5, width, 1);
      break;
    case "dashed":
      context.fillStyle = palette.wait;
      for (let x = span.from; x < span.to; x += 7)
        context.fillRect(x, middle - 1, Math.min(4, span.to - x), 2);
      break;
    case "plain":
      context.fillStyle = palette.line;
      context.fillRect(span.from, top, width, height);
      break;
    case "framed":
      context.fillStyle = palette.waitPale;
      context.fillRect(span.from, top, width, height);
      context.strokeStyle = palette.wait;
      context.lineWidth = 1;
      context.strokeRect(span.from + 0.5, top + 0.5, Math.max(0, width - 1), height - 1);
      break;
    case "hatched":
    case "dotted":
    case "barred":
      context.fillStyle = patterns[style];
      context.fillRect(span.from, top, width, height);
  }
}

interface AttemptOf {
  readonly call: TracedCall;
  readonly attempt: TracedAttempt;
}

/** Two attempts that overlap share the height. */
function paintAttempt(picture: Picture, { call, attempt }: AttemptOf, y: number): void {
  const { context, palette, patterns, nowMs } = picture;
  const span = spanOf(picture, attempt.fromMs, attempt.toMs ?? Math.max(nowMs, attempt.fromMs));
  if (span === undefined) return;
  const isHedged = call.attempts.some((other) => other !== attempt && overlap(other, attempt));
  const height = isHedged ? BAR.height / 2 - 0.5 : BAR.height;
  const top = y + BAR.top + (isHedged && attempt.as === "hedge" ? height + 1 : 0);
  const width = span.to - span.from;
  switch (attempt.status) {
    case "ok":
    case "going":
      context.fillStyle = palette.running;
      break;
    case "failed":
      context.fillStyle = patterns.failed;
      break;
    case "lost":
    case "stopped":
    case "abandoned":
      context.fillStyle = palette.runningPale;
  }
  context.fillRect(span.from, top, width, height);
  if (attempt.status === "failed") edge(picture, { span, top, height }, palette.failed);
  else if (attempt.status !== "ok" && attempt.status !== "going")
    edge(picture, { span, top, height }, palette.running);
  if (attempt.status === "going") {
    context.fillStyle = palette.surface;
    context.fillRect(span.to - 3, top, 1.5, height);
  }
}

function edge(
  { context }: Picture,
  { span, top, height }: { readonly span: Span; readonly top: number; readonly height: number },
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  if (span.to - span.from > 3)
    context.strokeRect(span.from + 0.5, top + 0.5, span.to - span.from - 1, height - 1);
}

function paintProgress({ context, palette, x }: Picture, atMs: number, y: number): void {
  context.fillStyle = palette.surface;
  context.fillRect(Math.round(x(atMs)), y + BAR.top + BAR.height - 4, 1, 3);
}

function overlap(a: TracedAttempt, b: TracedAttempt): boolean {
  return a.fromMs < (b.toMs ?? Infinity) && b.fromMs < (a.toMs ?? Infinity);
}
