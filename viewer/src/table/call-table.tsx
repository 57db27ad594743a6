/** The calls of a trace as a table that can be sorted. Only rows in sight are there, each with its place among all. */
import { computed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { TracedCall } from "../../../src/trace/trace.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { useSize } from "../state/size.ts";
import { openRow } from "../state/view.ts";
import { visible } from "../../../src/trace/visible.ts";
import { AXIS_HEIGHT, ROW_HEIGHT, windowOf } from "../waterfall/geometry.ts";
import { COLUMNS, type Column, type TableTrace } from "./columns.ts";

interface Sorting {
  readonly column: Column;
  readonly isDown: boolean;
}

/** Shows the calls that the view wants, whatever holds them. */
export function CallTable({ page, opened }: { readonly page: Page; readonly opened: OpenedTrace }) {
  const { view } = page;
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const scrollTop = useSignal(0);
  const sorting = useSignal<Sorting | undefined>(undefined);
  const calls = useMemo(
    () => computed(() => sorted(opened.wanted.value, sorting.value, tableTraceOf(opened))),
    [opened],
  );
  const active = view.active.value?.trace === opened.index ? view.active.value.row : undefined;
  const go = (to: number) => {
    const call = calls.value[Math.max(0, Math.min(calls.value.length - 1, to))];
    if (call === undefined) return;
    const choice = { trace: opened.index, row: `call:${call.key}` };
    if (view.opened.value === undefined) view.active.value = choice;
    else openRow(view, choice);
  };
  const place = calls.value.findIndex(({ key }) => `call:${key}` === active);
  useEffect(() => show(scroller.current, place), [active]);
  const { from, to } = windowOf(scrollTop.value, size.value.height - AXIS_HEIGHT, calls.value.length);
  const trace = tableTraceOf(opened);
  return (
    <div
      class="table"
      ref={scroller}
      onScroll={({ currentTarget }) => (scrollTop.value = currentTarget.scrollTop)}
    >
      <div
        class="table-grid"
        role="grid"
        tabIndex={0}
        aria-label={`Calls of ${opened.feed.name}`}
        aria-rowcount={calls.value.length + 1}
        aria-colcount={COLUMNS.length}
        aria-activedescendant={place < from || place >= to ? undefined : `cell-${opened.index}-${active}`}
        style={{ height: `${AXIS_HEIGHT + (calls.value.length + 1) * ROW_HEIGHT}px` }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
          const pageRows = Math.max(1, Math.floor(size.value.height / ROW_HEIGHT) - 2);
          const target = targetOf(event.key, { place, pageRows, count: calls.value.length });
          if (target !== undefined) go(target);
          else if (event.key === "Enter" && event.target === event.currentTarget && active !== undefined)
            openRow(view, { trace: opened.index, row: active });
          else return;
          event.preventDefault();
        }}
      >
        <div role="row" class="table-head" aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <span
              key={column.name}
              role="columnheader"
              class={column.isNumber ? "number" : ""}
              aria-sort={
                sorting.value?.column !== column ? "none" : sorting.value.isDown ? "descending" : "ascending"
              }
            >
              <button onClick={() => (sorting.value = nextSorting(sorting.value, column))}>
                {column.name}
                {sorting.value?.column === column ? (sorting.value.isDown ? " ↓" : " ↑") : ""}
              </button>
            </span>
          ))}
        </div>
        {calls.value.length === 0 && (
          <p class="nothing">
            {opened.trace.value.calls.length === 0 ? "No call has been made yet." : "No call is like that."}
          </p>
        )}
        {calls.value.slice(from, to).map((call, i) => {
          const row = `call:${call.key}`;
          return (
            <div
              key={call.key}
              role="row"
              id={`cell-${opened.index}-${row}`}
              class={`table-row${row === active ? " is-active" : ""}`}
              aria-rowindex={from + i + 2}
              aria-selected={view.opened.value?.row === row}
              data-status={call.status}
              style={{ top: `${AXIS_HEIGHT + (from + i) * ROW_HEIGHT}px` }}
              onClick={() => openRow(view, { trace: opened.index, row })}
            >
              {COLUMNS.map((column) => {
                const text = visible(column.text(call, trace));
                return (
                  <span
                    key={column.name}
                    role="gridcell"
                    class={column.isNumber ? "number" : ""}
                    title={column.isNumber ? undefined : text}
                  >
                    {text}
                  </span>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function tableTraceOf({ nowMs, calls }: OpenedTrace): TableTrace {
  return { nowMs: nowMs.value, calls: calls.value };
}

function sorted(
  calls: readonly TracedCall[],
  sorting: Sorting | undefined,
  trace: TableTrace,
): readonly TracedCall[] {
  if (sorting === undefined) return calls;
  const { column, isDown } = sorting;
  const sign = isDown ? -1 : 1;
  return calls
    .map((call) => ({ call, by: column.sortValue(call, trace) }))
    .sort((a, b) => sign * compare(a.by, b.by))
    .map(({ call }) => call);
}

/** Numbers in words count as such: turn 10 comes behind turn 9. */
const WORDS = new Intl.Collator("en", { numeric: true });

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : WORDS.compare(String(a), String(b));
}

/** Numbers are first seen from the largest down, words from A; then the other way; then in call order. */
function nextSorting(sorting: Sorting | undefined, column: Column): Sorting | undefined {
  if (sorting?.column !== column) return { column, isDown: column.isNumber };
  return sorting.isDown === column.isNumber ? { column, isDown: !column.isNumber } : undefined;
}

interface Place {
  readonly place: number;
  readonly pageRows: number;
  readonly count: number;
}

function targetOf(key: string, { place, pageRows, count }: Place): number | undefined {
  switch (key) {
    case "ArrowDown":
      return place + 1;
    case "ArrowUp":
      return place - 1;
    case "PageDown":
      return place + pageRows;
    case "PageUp":
      return place - pageRows;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function show(scroller: HTMLElement | null, place: number): void {
  if (scroller === null || place < 0) return;
  const { scrollTop, clientHeight } = scroller;
  const top = place * ROW_HEIGHT;
  if (top < scrollTop) scroller.scrollTop = top;
  else if (top + ROW_HEIGHT + AXIS_HEIGHT > scrollTop + clientHeight)
    scroller.scrollTop = top + ROW_HEIGHT + AXIS_HEIGHT - clientHeight;
}
