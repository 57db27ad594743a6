/** How the viewer bears a long trace, in a real browser that draws in software: until it is seen, and while it is moved. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { serveTrace } from "../src/viewer.ts";
import { startBrowser } from "../test/support/viewer/browser.ts";
import type { Benchmark, Row } from "./row.ts";
import { longTrace } from "./viewer-trace.ts";

const CALLS = 10_000;
const MOVES_MS = 4_000;
const AIM_FPS = 50;
const FIRST_AIM_MS = 1_000;
const WHOLE_AIM_MS = 2_000;

/** What is done to the page in each frame. */
const MOVES = {
  "pan along the time": { zoomedIn: 20, move: "pan" },
  "zoom in and out": { zoomedIn: 1, move: "zoom" },
  "scroll through the rows": { zoomedIn: 20, move: "scroll" },
} as const;

/** Time to the first picture and to the whole trace, and frames per second. */
export const viewer: Benchmark = {
  name: "viewer",
  about: `a trace of ${CALLS.toLocaleString("en")} calls in Chromium without a GPU; aims: ≥ ${AIM_FPS} frames per second, first picture in ≤ ${FIRST_AIM_MS / 1000} s, whole in ≤ ${WHOLE_AIM_MS / 1000} s`,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "tutti-bench-"));
    const path = join(folder, "long.jsonl");
    writeFileSync(path, await longTrace(CALLS));
    // It builds what is then served.
    const browser = await startBrowser();
    const served = await serveTrace(path);
    try {
      const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
      return await measure(page, served.url);
    } finally {
      await browser.close();
      await served.close();
      rmSync(folder, { recursive: true });
    }
  },
};

async function measure(page: Page, url: string): Promise<Row[]> {
  const row = { benchmark: "viewer", n: CALLS };
  await page.goto(url);
  const firstMs = await drawnMs(page, 1);
  const wholeMs = await drawnMs(page, CALLS);
  const rows: Row[] = [
    {
      ...row,
      subject: "until the first picture",
      value: firstMs,
      unit: "ms",
      ratio: firstMs / FIRST_AIM_MS,
      ratioTo: "aim",
    },
    {
      ...row,
      subject: "until the whole trace",
      value: wholeMs,
      unit: "ms",
      ratio: wholeMs / WHOLE_AIM_MS,
      ratioTo: "aim",
    },
  ];
  for (const [subject, { move, zoomedIn }] of Object.entries(MOVES)) {
    const { fps, p95Ms } = await framesOf(page, { move, zoomedIn, forMs: MOVES_MS });
    rows.push({ ...row, subject, value: fps, unit: "frames/s", ratio: fps / AIM_FPS, ratioTo: "aim" });
    rows.push({
      ...row,
      subject: `${subject}: p95`,
      value: p95Ms,
      unit: "ms/frame",
      ratio: (p95Ms * AIM_FPS) / 1000,
      ratioTo: "aim",
    });
  }
  return rows;
}

/** When so many rows had been drawn, since the page was asked for: two frames after they were there. */
async function drawnMs(page: Page, rows: number): Promise<number> {
  return page.evaluate(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const count = () => Number(document.querySelector('[role="treegrid"]')?.getAttribute("aria-rowcount"));
    while (!(count() >= ${rows})) await frame();
    await frame();
    await frame();
    return performance.now();
  })()`);
}

interface Moves {
  readonly move: "pan" | "zoom" | "scroll";
  readonly zoomedIn: number;
  readonly forMs: number;
}

/** The page has a program of its own for this: its moves must not wait for ours. */
async function framesOf(page: Page, moves: Moves): Promise<{ readonly fps: number; readonly p95Ms: number }> {
  const program = readFileSync(new URL("viewer-moves.js", import.meta.url), "utf8");
  return page.evaluate(
    `(() => {\n${program.replace("export ", "")}\nreturn movePage(${JSON.stringify(moves)});\n})()`,
  );
}
