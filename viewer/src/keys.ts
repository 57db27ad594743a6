/** The keys of the whole page. A field of text keeps those that it needs. */
import { SEARCH_ID } from "./header/toolbar.tsx";
import { fitRange, scaleRange } from "./state/axis.ts";
import { goToCounterpart } from "./state/counterparts.ts";
import type { Page } from "./state/page.ts";
import { followPath } from "./state/follow-path.ts";

const FACTOR = 1.5;

/** Has the page obey keys. */
export function listenToKeys({ view, axis, traces, counterparts }: Page): void {
  const scale = (factor: number) => {
    view.range.value = fitRange(scaleRange(axis.shown.value, factor), axis.full.value);
  };
  const move = (part: number) => {
    const { fromMs, toMs } = axis.shown.value;
    const by = (toMs - fromMs) * part;
    view.range.value = fitRange({ fromMs: fromMs + by, toMs: toMs + by }, axis.full.value);
  };
  const follow = (by: 1 | -1) => {
    const opened = traces[view.active.value?.trace ?? 0];
    if (opened !== undefined && view.showsPath.value) followPath(view, opened, by);
  };
  const actions: Readonly<Record<string, () => void>> = {
    "+": () => scale(FACTOR),
    "=": () => scale(FACTOR),
    "-": () => scale(1 / FACTOR),
    0: () => (view.range.value = undefined),
    t: () => (view.shows.value = view.shows.value === "table" ? "waterfall" : "table"),
    p: () => (view.showsPath.value = !view.showsPath.value),
    "?": () => (view.showsHelp.value = true),
    n: () => follow(1),
    N: () => follow(-1),
    o: () => goToCounterpart(view, counterparts.value),
    "/": () => document.getElementById(SEARCH_ID)?.focus(),
    "Shift+ArrowLeft": () => move(-0.2),
    "Shift+ArrowRight": () => move(0.2),
    ArrowDown: () => focusRows(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || view.showsHelp.value)
      return;
    const isWriting = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "Escape") {
      if (isWriting) {
        view.search.value = "";
        focusRows();
      } else view.opened.value = undefined;
      return;
    }
    if (isWriting) {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      focusRows();
      event.preventDefault();
      return;
    }
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    const action = actions[name];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function focusRows(): void {
  document.querySelector<HTMLElement>('[role="treegrid"], [role="grid"]')?.focus();
}
