/** Numbers and times as people read them; from ten milliseconds on as the terminal writes them. */

/** A time: `0.42 ms`, `600 ms`, `1.40 s`, `3 min 20 s`. */
export function formatMs(ms: number): string {
  if (ms > 0 && ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms > 0 && ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 119_500) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A count with its thousands apart: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** A part of a whole: `42 %`. */
export function formatPercent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

/** A count and what is counted: `1 call`, `3 calls`. */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A moment on an axis whose marks are `stepMs` apart. */
export function formatMoment(ms: number, stepMs: number): string {
  if (ms === 0) return "0";
  if (stepMs < 1) return `${ms.toFixed(Math.min(3, Math.ceil(-Math.log10(stepMs))))} ms`;
  if (stepMs < 1000 && ms < 1000) return `${Math.round(ms)} ms`;
  const decimals = Math.max(0, Math.min(3, Math.ceil(-Math.log10(stepMs / 1000) - 1e-9)));
  return `${(ms / 1000).toFixed(decimals)} s`;
}
