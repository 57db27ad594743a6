/** The demo: scenes played in modes, one after the other, with a waterfall that is drawn while it happens. */
import { systemClock } from "../../core/clock.ts";
import { TraceReader } from "../../trace/read-trace.ts";
import type { Trace } from "../../trace/trace.ts";
import { formatMs } from "../../trace/format.ts";
import { wrap } from "../format.ts";
import type { Provider } from "../provider.ts";
import type { Screen } from "../screen.ts";
import { renderLegend, renderWaterfall } from "../waterfall/render.ts";
import { rowsOf } from "../waterfall/rows.ts";
import { figuresOf, type SceneFigures } from "./figures.ts";
import type { Mode } from "./mode.ts";
import { planScene } from "./plan.ts";
import { playScene, warmUp, type Played } from "./play.ts";
import { renderTable, tellSaving } from "./report.ts";
import type { Scene } from "./scene.ts";

/** What is played, and with what. */
export interface DemoOptions {
  readonly provider: Provider;
  readonly scenes: readonly Scene[];
  readonly modes: readonly Mode[];
  /** Where to show it; without one it is played in silence. */
  readonly screen?: Screen | undefined;
}

const FRAME_MS = 40;

/** Plays the demo, and resolves to its figures. */
export async function playDemo(options: DemoOptions): Promise<SceneFigures[]> {
  const { provider, scenes, screen } = options;
  await warmUp({ provider });
  if (screen !== undefined) introduce(screen, provider);
  const figures: SceneFigures[] = [];
  for (const scene of scenes) figures.push(await showScene(scene, options));
  return figures;
}

function introduce(screen: Screen, provider: Provider): void {
  const { colours } = screen;
  screen.print(
    "",
    `  ${colours.bold("Tutti")}: a simulated model, the real client (${provider.package}), no key needed`,
    "",
    `  ${renderLegend(colours)}`,
  );
}

async function showScene(scene: Scene, options: DemoOptions): Promise<SceneFigures> {
  const { modes, screen } = options;
  screen?.print("", "", `  ${screen.colours.bold(screen.colours.underline(scene.prompt))}`);
  // One time axis for all modes, so that the bars can be compared by eye.
  const spanMs = Math.max(...modes.map((mode) => planScene(scene, mode).lowerBoundMs)) * 1.01;
  const played: Played[] = [];
  for (const mode of modes) played.push(await showMode(scene, mode, { ...options, spanMs }));
  const figures = played.map(figuresOf);
  screen?.print("", ...renderTable(figures, screen.colours));
  const saving = tellSaving(figures);
  if (saving !== undefined) screen?.print("", ...wrap(saving, screen.width - 4).map((line) => `  ${line}`));
  return { scene: scene.name, modes: figures };
}

async function showMode(
  scene: Scene,
  mode: Mode,
  { provider, screen, spanMs }: DemoOptions & { readonly spanMs: number },
): Promise<Played> {
  if (screen === undefined) return playScene(scene, mode, { provider });
  const reader = new TraceReader();
  const frame = () => renderMode(mode, reader.trace, { screen, spanMs });
  screen.print("");
  const timer = setInterval(() => screen.draw(frame()), FRAME_MS);
  try {
    return await playScene(scene, mode, { provider, onEvent: (event) => reader.read(event) });
  } finally {
    clearInterval(timer);
    screen.keep(frame());
  }
}

function renderMode(
  mode: Mode,
  trace: Trace,
  { screen, spanMs }: { readonly screen: Screen; readonly spanMs: number },
): string[] {
  const { width, colours } = screen;
  const [run] = trace.runs;
  const nowMs = run === undefined ? 0 : (run.toMs ?? systemClock.now() - trace.startedAt);
  const time = formatMs(nowMs);
  const space = " ".repeat(Math.max(1, width - 4 - mode.title.length - mode.about.length - time.length));
  return [
    `  ${colours.bold(mode.title)}  ${colours.dim(mode.about)}${space}${colours.bold(time)}`,
    ...renderWaterfall(rowsOf(trace), { width, spanMs, nowMs, colours }),
  ];
}
