/** What is under the pointer, in words. */
import type { ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import { explainWait, sentenceOf } from "../../../src/trace/explain.ts";
import type { TracedCall } from "../../../src/trace/trace.ts";
import { formatMs } from "../format.ts";
import { subjectOf } from "../../../src/trace/labels.ts";
import { titleOf } from "../rows/row-words.ts";
import type { Row } from "../rows/row.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { visible } from "../../../src/trace/visible.ts";

/** What a tip is of. */
export interface TipOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly pointer: ReadonlySignal<{ readonly x: number; readonly y: number } | undefined>;
  readonly lane: RefObject<HTMLElement | null>;
}

/** Shows it beside the pointer. */
export function Tip({ page, opened, pointer, lane }: TipOptions) {
  const { hovered } = page.view;
  const at = pointer.value;
  if (at === undefined || hovered.value?.trace !== opened.index || lane.current === null) return null;
  const row = opened.rows.value[opened.places.value.get(hovered.value.row) ?? -1];
  if (row === undefined) return null;
  const box = lane.current.getBoundingClientRect();
  const { fromMs, toMs } = page.axis.rangeOf(opened);
  const atMs = fromMs + ((at.x - box.left) / box.width) * (toMs - fromMs);
  const lines = linesOf(row, atMs, { nowMs: opened.nowMs.value, calls: opened.calls.value });
  if (lines.length === 0) return null;
  const isRight = at.x > innerWidth - 340;
  const isLow = at.y > innerHeight - 110;
  return (
    <div
      class="tip"
      aria-hidden="true"
      style={{
        left: `${isRight ? at.x - 12 : at.x + 14}px`,
        top: `${isLow ? at.y - 12 : at.y + 16}px`,
        transform: `translate(${isRight ? "-100%" : "0"}, ${isLow ? "-100%" : "0"})`,
      }}
    >
      {lines.map((line, i) => (
        <div key={i}>{visible(line)}</div>
      ))}
    </div>
  );
}

interface Facts {
  readonly nowMs: number;
  readonly calls: ReadonlyMap<string, TracedCall>;
}

function linesOf(row: Row, atMs: number, { nowMs, calls }: Facts): string[] {
  if (row.kind === "turn") {
    const { fromMs, modelToMs = nowMs, toMs = nowMs } = row.turn;
    if (atMs < fromMs || atMs > Math.max(toMs, modelToMs)) return [];
    const title = titleOf(row.turn, true);
    return atMs <= modelToMs && row.turn.turn !== undefined
      ? [title, `the model wrote for ${formatMs(modelToMs - fromMs)}`]
      : [title, `its last result came after ${formatMs(toMs - fromMs)}`];
  }
  const { call } = row;
  const stretch = call.stretches.find(({ fromMs, toMs = nowMs }) => fromMs <= atMs && atMs <= toMs);
  if (stretch === undefined) return [];
  const title = `${call.call.name} ${subjectOf(call.call)}`.trim();
  const took = formatMs((stretch.toMs ?? nowMs) - stretch.fromMs);
  if (stretch.kind === "wait") {
    const what = explainWait(stretch.wait, { calls, of: call, isOpen: stretch.toMs === undefined });
    return [title, `waited ${took} for ${sentenceOf(what)}`];
  }
  const running = call.attempts.filter(({ fromMs, toMs = nowMs }) => fromMs <= atMs && atMs <= toMs);
  return [
    title,
    ...running.map(({ number, as, status, fromMs, toMs = nowMs }) =>
      as === "first" && status === "ok"
        ? `ran ${formatMs(toMs - fromMs)}`
        : `attempt ${number}${as === "first" ? "" : ` (${as})`}: ${status}, ${formatMs(toMs - fromMs)}`,
    ),
  ];
}
