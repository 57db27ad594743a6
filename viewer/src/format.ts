/** Numbers and times as people read them: as the terminal writes them, and finer where one has zoomed in. */
import { formatMs as formatInTerminal } from "../../src/trace/format.ts";

export { formatCount, formatPercent, formatPlural } from "../../src/trace/format.ts";

/** A time: `0.42 ms`, `3.1 ms`, and from ten milliseconds on as in the terminal. */
export function formatMs(ms: number): string {
  if (ms > 0 && ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms > 0 && ms < 9.95) return `${ms.toFixed(1)} ms`;
  return formatInTerminal(ms);
}

/** A moment on an axis whose marks are `stepMs` apart. */
export function formatMoment(ms: number, stepMs: number): string {
  if (ms === 0) return "0";
  if (stepMs < 1) return `${ms.toFixed(Math.min(3, Math.ceil(-Math.log10(stepMs))))} ms`;
  if (stepMs < 1000 && ms < 1000) return `${Math.round(ms)} ms`;
  const decimals = Math.max(0, Math.min(3, Math.ceil(-Math.log10(stepMs / 1000) - 1e-9)));
  return `${(ms / 1000).toFixed(decimals)} s`;
}
