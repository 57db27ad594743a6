/** Below the waterfall, on the same axis: how many slots of each limit were in use, and how often a rate let something start. */
import { computed } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { useSize } from "../state/size.ts";
import { keepDrawn } from "../waterfall/canvas.ts";
import { timeScale } from "../waterfall/geometry.ts";
import { readPalette } from "../waterfall/palette.ts";
import { attachZoom } from "../waterfall/zoom.ts";
import { nameOfLimit, lanesOf, type Lane } from "./lanes.ts";
import { LANE_HEIGHT, paintLanes } from "./paint-lanes.ts";

/** Shows the limits of a trace. */
export function LimitStrip({ page, opened }: { readonly page: Page; readonly opened: OpenedTrace }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const { axis, view, scheme } = page;
  const lanes = useMemo(
    () => computed(() => lanesOf(opened.limits.value, opened.trace.value.calls)),
    [opened],
  );
  useEffect(() => {
    if (canvas.current === null) return undefined;
    return keepDrawn(canvas.current, () => {
      void scheme.isDark.value;
      const { width } = size.value;
      const drawn = lanes.value;
      const range = axis.rangeOf(opened);
      const facts = {
        palette: readPalette(),
        width,
        range,
        x: timeScale(range, width),
        endMs: opened.nowMs.value,
      };
      const height = drawn.length * LANE_HEIGHT;
      return { width, height, draw: (context) => paintLanes({ context, height, ...facts }, drawn) };
    });
  }, [opened]);
  useEffect(() => {
    if (area.current === null) return undefined;
    return attachZoom({ element: area.current, view, axis, width: () => size.value.width });
  }, [opened]);
  return (
    <section class="limits" aria-label={`Limits of ${opened.feed.name}`}>
      <div class="limit-names">
        {lanes.value.map((lane) => (
          <div
            class="limit-name"
            id={`limit-${opened.index}-${lane.id}`}
            key={lane.id}
            title={sentenceOf(lane)}
          >
            <span class="limit-pool">
              {nameOfLimit(lane.pool)}
              {lane.kind === "rate" && <i> starts</i>}
            </span>
            <span class="limit-most">{usageOf(lane)}</span>
          </div>
        ))}
      </div>
      <div class="limit-area" ref={area}>
        <canvas ref={canvas} aria-hidden="true" />
      </div>
    </section>
  );
}

function usageOf({ kind, most, limit }: Lane): string {
  const unit = kind === "rate" ? "/s" : "";
  return limit === undefined ? `${most}${unit}` : `${most} of ${tidy(limit)}${unit}`;
}

function sentenceOf({ kind, pool, most, limit }: Lane): string {
  const of = limit === undefined ? "" : ` of ${tidy(limit)}`;
  return kind === "rate"
    ? `${nameOfLimit(pool)}: at most ${most}${of} starts in a second`
    : `${nameOfLimit(pool)}: at most ${most}${of} in use at once`;
}

function tidy(limit: number): string {
  return String(Math.round(limit * 100) / 100);
}
