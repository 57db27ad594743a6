/** Draws on a canvas whenever something changes that the drawing looks at: once per frame, at the device's resolution. */
import { effect, untracked } from "@preact/signals";

/** What is drawn, and on how many pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  draw(context: CanvasRenderingContext2D): void;
}

/** More is not seen, and costs. */
const MAX_RATIO = 2;

/** Pixels of the device per CSS pixel. */
export function pixelRatio(): number {
  return Math.min(MAX_RATIO, devicePixelRatio || 1);
}

/** Keeps a canvas drawn. `prepare` reads signals; when one of them changes, it is called again. Returns what ends it. */
export function keepDrawn(canvas: HTMLCanvasElement, prepare: () => Drawing): () => void {
  const context = canvas.getContext("2d", { alpha: false });
  let frame = 0;
  let drawing: Drawing | undefined;
  const draw = () => {
    frame = 0;
    if (drawing === undefined || context === null) return;
    const ratio = pixelRatio();
    const width = Math.round(drawing.width * ratio);
    const height = Math.round(drawing.height * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${drawing.width}px`;
      canvas.style.height = `${drawing.height}px`;
    }
    if (width === 0 || height === 0) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    untracked(() => drawing?.draw(context));
  };
  const stop = effect(() => {
    drawing = prepare();
    frame ||= requestAnimationFrame(draw);
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
  };
}
