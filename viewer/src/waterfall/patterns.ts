/** Patterns that tell one kind of wait from another, without colour. */
import type { TracedWait } from "../../../src/trace/trace.ts";
import type { Palette } from "./palette.ts";

/** How a wait is drawn: in a box, which may be filled with a pattern, or as a line. */
export type WaitStyle = "hatched" | "dotted" | "barred" | "dashed" | "thin" | "framed" | "plain";

/** The style of each kind of wait, and what it is called. */
export const WAIT_STYLES: Readonly<
  Record<TracedWait["for"], { readonly style: WaitStyle; readonly word: string }>
> = {
  lock: { style: "hatched", word: "lock" },
  slot: { style: "dotted", word: "slot" },
  rate: { style: "barred", word: "rate" },
  call: { style: "dashed", word: "call" },
  close: { style: "thin", word: "model" },
  validation: { style: "thin", word: "check" },
  approval: { style: "framed", word: "approval" },
  retry: { style: "dashed", word: "pause" },
  unknown: { style: "plain", word: "not told" },
};

/** Patterns for a canvas, made once per scheme. */
export interface Patterns {
  readonly hatched: CanvasPattern;
  readonly dotted: CanvasPattern;
  readonly barred: CanvasPattern;
  readonly failed: CanvasPattern;
}

/** Makes the patterns of a palette. */
export function createPatterns(palette: Palette, ratio: number): Patterns {
  const { wait, waitPale, failed, failedPale } = palette;
  return {
    hatched: tile({ ratio, ground: waitPale, ink: wait, size: 6 }, diagonals),
    dotted: tile({ ratio, ground: waitPale, ink: wait, size: 4 }, (context) =>
      context.fillRect(1, 1, 1.3, 1.3),
    ),
    barred: tile({ ratio, ground: waitPale, ink: wait, size: 5 }, (context) =>
      context.fillRect(0, 0, 1.2, 5),
    ),
    failed: tile({ ratio, ground: failedPale, ink: failed, size: 6 }, diagonals),
  };
}

interface TileOptions {
  readonly ratio: number;
  readonly ground: string;
  readonly ink: string;
  readonly size: number;
}

function tile(
  { ratio, ground, ink, size }: TileOptions,
  draw: (context: CanvasRenderingContext2D) => void,
): CanvasPattern {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(size * ratio);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.scale(canvas.width / size, canvas.height / size);
  context.fillStyle = ground;
  context.fillRect(0, 0, size, size);
  context.fillStyle = context.strokeStyle = ink;
  draw(context);
  const pattern = context.createPattern(canvas, "repeat") as CanvasPattern;
  // The canvas that it fills is scaled too.
  pattern.setTransform(new DOMMatrix().scale(size / canvas.width, size / canvas.height));
  return pattern;
}

function diagonals(context: CanvasRenderingContext2D): void {
  context.lineWidth = 1;
  context.beginPath();
  for (const x of [-6, 0, 6]) {
    context.moveTo(x, 6);
    context.lineTo(x + 6, 0);
  }
  context.stroke();
}
