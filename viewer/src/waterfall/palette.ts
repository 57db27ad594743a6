/** The colours of the canvas, which are those of the style sheet, and the patterns of waits. */

/** Colours, read once per scheme. */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly faint: string;
  readonly line: string;
  readonly surface: string;
  readonly band: string;
  readonly hover: string;
  readonly active: string;
  readonly model: string;
  readonly modelPale: string;
  readonly running: string;
  readonly runningPale: string;
  readonly failed: string;
  readonly failedPale: string;
  readonly wait: string;
  readonly waitPale: string;
  readonly path: string;
  readonly font: string;
}

const NAMES = [
  "ink",
  "muted",
  "faint",
  "line",
  "surface",
  "band",
  "hover",
  "active",
  "model",
  "model-pale",
  "running",
  "running-pale",
  "failed",
  "failed-pale",
  "wait",
  "wait-pale",
  "path",
  "font",
] as const;

/** Reads the colours that hold now. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const entries = NAMES.map((name) => [
    name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    style.getPropertyValue(`--${name}`).trim(),
  ]);
  return Object.fromEntries(entries) as unknown as Palette;
}
