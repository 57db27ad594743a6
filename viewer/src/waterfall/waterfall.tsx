/** The waterfall of one trace: the list of its rows, and beside it their time, drawn. Both scroll as one. */
import { computed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { PathStep } from "../../../src/trace/critical-path.ts";
import { zoomToRow } from "../state/axis.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { useSize } from "../state/size.ts";
import { focusRows } from "../state/focus.ts";
import { placeOfStep } from "../state/path-rows.ts";
import { openRow } from "../state/view.ts";
import { keepDrawn, pixelRatio } from "./canvas.ts";
import { AXIS_HEIGHT, ROW_HEIGHT, timeScale, windowOf } from "./geometry.ts";
import { paint } from "./paint.ts";
import { readPalette } from "./palette.ts";
import { createPatterns } from "./patterns.ts";
import { RowList } from "./row-list.tsx";
import { keepInSight } from "./sight.ts";
import { Tip } from "./tip.tsx";
import { attachZoom } from "./zoom.ts";

/** Shows a trace. */
export function Waterfall({ page, opened }: { readonly page: Page; readonly opened: OpenedTrace }) {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const lane = useRef<HTMLDivElement>(null);
  const size = useSize(lane);
  const viewport = useSize(scroller);
  const scrollTop = useSignal(0);
  const pointer = useSignal<{ readonly x: number; readonly y: number } | undefined>(undefined);
  const { view, axis, scheme } = page;
  const rowWindow = useMemo(
    () =>
      computed(() =>
        windowOf(scrollTop.value, viewport.value.height - AXIS_HEIGHT, opened.rows.value.length),
      ),
    [opened],
  );

  useEffect(() => {
    if (canvas.current === null) return undefined;
    const inks = computed(() => {
      void scheme.isDark.value;
      const palette = readPalette();
      return { palette, patterns: createPatterns(palette, pixelRatio()), widths: new Map<string, number>() };
    });
    return keepDrawn(canvas.current, () => {
      const { width } = size.value;
      const { height } = viewport.value;
      const range = axis.rangeOf(opened);
      const facts = {
        ...inks.value,
        width,
        height,
        range,
        originMs: opened.extent.value.fromMs,
        nowMs: opened.nowMs.value,
        x: timeScale(range, width),
        rows: opened.rows.value,
        window: rowWindow.value,
        scrollTop: scrollTop.value,
        active: choiceOf(view.active.value, opened),
        hovered: choiceOf(view.hovered.value, opened),
        path: view.showsPath.value
          ? { steps: opened.path.value, placeOf: (step: PathStep) => placeOfStep(step, opened) }
          : undefined,
      };
      return { width, height, draw: (context) => paint({ context, ...facts }) };
    });
  }, [opened]);

  useEffect(() => {
    const { current } = lane;
    if (current === null) return undefined;
    return attachZoom({
      element: current,
      view,
      axis,
      width: () => size.value.width,
      onDragDown: (pixels) => scroller.current?.scrollBy(0, -pixels),
    });
  }, [opened]);

  useEffect(() => keepInSight({ scroller, view, opened, axis }), [opened]);

  const rowAt = (event: MouseEvent) => {
    const top = scroller.current?.getBoundingClientRect().top ?? 0;
    const y = event.clientY - top - AXIS_HEIGHT;
    return y < 0 ? undefined : opened.rows.value[Math.floor((y + scrollTop.value) / ROW_HEIGHT)];
  };
  return (
    <div
      class="waterfall"
      ref={scroller}
      onScroll={({ currentTarget }) => (scrollTop.value = currentTarget.scrollTop)}
    >
      <RowList page={page} opened={opened} rowWindow={rowWindow} scroller={scroller} />
      <div
        class="lane"
        ref={lane}
        onMouseMove={(event) => {
          const row = rowAt(event);
          view.hovered.value = row === undefined ? undefined : { trace: opened.index, row: row.id };
          pointer.value = event.buttons === 0 ? { x: event.clientX, y: event.clientY } : undefined;
        }}
        onMouseLeave={() => {
          view.hovered.value = undefined;
          pointer.value = undefined;
        }}
        onClick={(event) => {
          const row = rowAt(event);
          if (row !== undefined) openRow(view, { trace: opened.index, row: row.id });
          focusRows(opened.index);
        }}
        onDblClick={(event) => zoomToRow(axis, opened, rowAt(event)?.id)}
      >
        <canvas ref={canvas} class="picture" aria-hidden="true" />
      </div>
      <Tip page={page} opened={opened} pointer={pointer} lane={lane} />
    </div>
  );
}

function choiceOf(
  choice: { readonly trace: number; readonly row: string } | undefined,
  { index }: OpenedTrace,
): string | undefined {
  return choice?.trace === index ? choice.row : undefined;
}
