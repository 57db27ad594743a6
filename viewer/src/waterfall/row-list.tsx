/**
 * The rows as a tree of the page itself, for keyboards and screen readers as well as for the eye. Only rows in sight are there,
 * each with its place among all; the focus stays on the tree, which says which row is active.
 */
import type { ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import type { OpenedTrace } from "../state/opened-trace.ts";
import { counterpartOf } from "../state/counterparts.ts";
import type { Page } from "../state/page.ts";
import { formatMs, formatPlural } from "../format.ts";
import { STATUS_SIGNS, subjectOf } from "../../../src/trace/labels.ts";
import { durationOf, sentenceOfRow, titleOf } from "../rows/row-words.ts";
import type { Row } from "../rows/row.ts";
import { openRow, toggleCollapsed } from "../state/view.ts";
import { visible } from "../../../src/trace/visible.ts";
import { AXIS_HEIGHT, ROW_HEIGHT, type RowWindow } from "./geometry.ts";
import { steer } from "./steer.ts";

/** What the list is of. */
export interface RowListOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly rowWindow: ReadonlySignal<RowWindow>;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Lists rows. */
export function RowList({ page, opened, rowWindow, scroller }: RowListOptions) {
  const { view } = page;
  const rows = opened.rows.value;
  const { from, to } = rowWindow.value;
  const active = view.active.value?.trace === opened.index ? view.active.value.row : undefined;
  const other = counterpartOf(page.counterparts.value, view.active.value)?.choice;
  const isActiveShown = active !== undefined && opened.places.value.has(active);
  return (
    <div
      class="rows"
      role="treegrid"
      tabIndex={0}
      aria-label={`Turns and calls of ${opened.feed.name}`}
      aria-rowcount={rows.length}
      aria-colcount={2}
      aria-activedescendant={isActiveShown ? elementId(opened.index, active) : undefined}
      style={{ height: `${AXIS_HEIGHT + rows.length * ROW_HEIGHT + ROW_HEIGHT}px` }}
      onKeyDown={(event) =>
        steer(event, {
          view,
          opened,
          pageRows: Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2,
        })
      }
    >
      <div class="rows-head" aria-hidden="true">
        <span>Turns and calls</span>
        <span>took</span>
      </div>
      {rows.length === 0 && (
        <p class="nothing">
          {opened.trace.value.turns.length === 0 ? "Nothing has happened yet." : "No call is like that."}
        </p>
      )}
      {rows.slice(from, to).map((row, i) => (
        <RowLine
          key={row.id}
          page={page}
          opened={opened}
          row={row}
          place={from + i}
          isActive={row.id === active}
          isCounterpart={other?.trace === opened.index && other.row === row.id}
        />
      ))}
    </div>
  );
}

interface RowLineOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly row: Row;
  readonly place: number;
  readonly isActive: boolean;
  /** Whether it is the active row of the other trace. */
  readonly isCounterpart: boolean;
}

function RowLine({ page, opened, row, place, isActive, isCounterpart }: RowLineOptions) {
  const { view } = page;
  const choice = { trace: opened.index, row: row.id };
  const nowMs = opened.nowMs.value;
  const isOpen = view.opened.value?.trace === opened.index && view.opened.value.row === row.id;
  const status = row.kind === "turn" ? row.turn.status : row.call.status;
  const duration = durationOf(row, nowMs);
  const shareMs = opened.shares.value.get(row.id);
  return (
    <div
      role="row"
      id={elementId(opened.index, row.id)}
      class={`row ${row.kind}${isActive ? " is-active" : ""}${isOpen ? " is-open" : ""}${isCounterpart ? " is-counterpart" : ""}`}
      data-status={status}
      aria-rowindex={place + 1}
      aria-level={row.level}
      aria-selected={isOpen}
      aria-expanded={row.hasCalls ? !row.isCollapsed : undefined}
      data-on-path={view.showsPath.value && shareMs !== undefined}
      aria-label={visible(sentenceOfRow(row, { nowMs, calls: opened.calls.value, shareMs }))}
      style={{ top: `${AXIS_HEIGHT + place * ROW_HEIGHT}px`, paddingLeft: `${(row.level - 1) * 14 + 4}px` }}
      onMouseEnter={() => (view.hovered.value = choice)}
      onMouseLeave={() => (view.hovered.value = undefined)}
      onClick={() => openRow(view, choice)}
    >
      <span
        class="fold"
        aria-hidden="true"
        onClick={(event) => {
          if (!row.hasCalls) return;
          event.stopPropagation();
          view.active.value = choice;
          toggleCollapsed(view, choice);
        }}
      >
        {row.hasCalls ? (row.isCollapsed ? "▸" : "▾") : ""}
      </span>
      <RowName row={row} hasRuns={opened.trace.value.runs.length > 1} />
      <span role="gridcell" class="took">
        {duration === undefined ? "" : formatMs(duration)}
      </span>
    </div>
  );
}

function RowName({ row, hasRuns }: { readonly row: Row; readonly hasRuns: boolean }) {
  if (row.kind === "turn") {
    const { turn, calls } = row;
    return (
      <span role="gridcell" class="name">
        <b>{titleOf(turn, hasRuns)}</b>{" "}
        <i>
          {turn.status === "broken"
            ? "✗ broke off"
            : calls.length > 0
              ? formatPlural(calls.length, "call")
              : ""}
        </i>
      </span>
    );
  }
  const { call } = row;
  return (
    <span role="gridcell" class="name">
      <span class="sign" data-status={call.status}>
        {STATUS_SIGNS[call.status]}
      </span>{" "}
      {visible(call.call.name)} <i>{call.isWrapper ? "" : visible(subjectOf(call.call))}</i>
    </span>
  );
}

function elementId(trace: number, row: string): string {
  return `row-${trace}-${row}`;
}
