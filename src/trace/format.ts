/** Times and counts as people read them, in a terminal and in a browser alike. */

/** A time: `600 ms`, `1.40 s`, `12.3 s`, `2:05 min`, `1:02:05 h`. */
export function formatMs(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const rest = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${rest} min`;
  return `${formatCount(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, "0")}:${rest} h`;
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
