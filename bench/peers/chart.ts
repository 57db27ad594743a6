/** The charts, as SVG. Their colours are read on white and on black, and behind them is nothing. */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Bars, Point } from "./findings.ts";

const GREY = "#848d97";
const ORANGE = "#e8702a";
const FONT = "system-ui, sans-serif";
/** A line for each of the peers. */
const LINES = ["#4493f8", "#3fb950", "#ab7df8", "#d29922", "#db61a2", "#2aa198", GREY];

const config = {
  background: "transparent",
  font: FONT,
  view: { stroke: null },
  axis: { labelColor: GREY, titleColor: GREY, domainColor: GREY, tickColor: GREY, gridOpacity: 0.2 },
  legend: { labelColor: GREY, titleColor: GREY, labelLimit: 300 },
  title: { color: GREY, fontSize: 13, anchor: "start" },
} as const;

/** The times of the scenes, Tutti's in colour. */
export function chartTimes(scenes: readonly Bars[]): Promise<string> {
  return render({
    columns: 2,
    concat: scenes.map(({ title, measure, bars }) => ({
      title,
      width: 270,
      data: { values: bars.map(({ name, ms }) => ({ name: plain(name), ms: Math.round(ms) })) },
      encoding: {
        y: {
          field: "name",
          type: "nominal",
          sort: null,
          title: null,
          axis: { labelLimit: 300, ticks: false },
        },
        x: { field: "ms", type: "quantitative", title: `ms, ${measure}`, axis: { tickCount: 4 } },
      },
      layer: [
        {
          mark: { type: "bar", height: 12 },
          encoding: {
            color: { condition: { test: "indexof(datum.name, 'Tutti') == 0", value: ORANGE }, value: GREY },
          },
        },
        {
          mark: { type: "text", align: "left", dx: 4, color: GREY },
          encoding: { text: { field: "ms", type: "quantitative", format: "," } },
        },
      ],
    })),
    resolve: { scale: { x: "independent", y: "independent" } },
    config,
  });
}

/** What a turn of n calls costs, on logarithmic scales. */
export function chartOverhead(points: readonly Point[]): Promise<string> {
  const names = [...new Set(points.map(({ name }) => name))];
  const peers = names.filter((name) => !name.startsWith("Tutti"));
  return render({
    title: "A turn of N calls that do nothing",
    width: 560,
    height: 320,
    data: { values: [...points] },
    mark: { type: "line", point: true },
    encoding: {
      x: { field: "n", type: "quantitative", scale: { type: "log" }, title: "calls in the turn" },
      y: { field: "ms", type: "quantitative", scale: { type: "log" }, title: "ms, median" },
      color: {
        field: "name",
        type: "nominal",
        title: null,
        scale: { domain: names, range: names.map((name) => LINES[peers.indexOf(name)] ?? ORANGE) },
      },
      strokeWidth: {
        condition: { test: "indexof(datum.name, 'Tutti') == 0", value: 3 },
        value: 1.5,
      },
    },
    config,
  });
}

function render(spec: TopLevelSpec): Promise<string> {
  return new View(parse(compile(spec).spec), { renderer: "none" }).toSVG();
}

function plain(markdown: string): string {
  return markdown.replaceAll("`", "");
}
