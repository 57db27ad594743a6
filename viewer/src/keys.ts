/** The keys of the whole page. A field of text keeps those that it needs. */
import { SEARCH_ID } from "./header/toolbar.tsx";
import { fitRange, scaleRange, zoomToRow } from "./state/axis.ts";
import { goToCounterpart } from "./state/counterparts.ts";
import type { Page } from "./state/page.ts";
import { closePanel, focusRows } from "./state/focus.ts";
import { followPath } from "./state/follow-path.ts";

const FACTOR = 1.5;

/** What the list of rows obeys itself, once the keyboard is at it. */
const OF_ROWS: ReadonlySet<string> = new Set([
  "ArrowDown",
  "ArrowUp",
  "ArrowLeft",
  "ArrowRight",
  "PageDown",
  "PageUp",
  "Home",
  "End",
  "Enter",
]);

/** Has the page obey keys. */
export function listenToKeys({ view, axis, traces, counterparts }: Page): void {
  const scale = (factor: number) => {
    const around = axis.middleOf(traces[activeTrace()], view.active.value?.row);
    view.range.value = fitRange(scaleRange(axis.shown.value, factor, around), axis.full.value);
  };
  const move = (part: number) => {
    const { fromMs, toMs } = axis.shown.value;
    const by = (toMs - fromMs) * part;
    view.range.value = fitRange({ fromMs: fromMs + by, toMs: toMs + by }, axis.full.value);
  };
  const follow = (by: 1 | -1) => {
    const opened = traces[activeTrace()];
    if (opened !== undefined && view.showsPath.value) followPath(view, opened, by);
  };
  const activeTrace = () => view.active.value?.trace ?? 0;
  /** The table has no axis. */
  const alongTheAxis: Readonly<Record<string, () => void>> = {
    "+": () => scale(FACTOR),
    "=": () => scale(FACTOR),
    "-": () => scale(1 / FACTOR),
    0: () => (view.range.value = undefined),
    z: () => zoomToRow(axis, traces[activeTrace()], view.active.value?.row),
    "Shift+ArrowLeft": () => move(-0.2),
    "Shift+ArrowRight": () => move(0.2),
  };
  const actions: Readonly<Record<string, () => void>> = {
    t: () => (view.shows.value = view.shows.value === "table" ? "waterfall" : "table"),
    p: () => (view.showsPath.value = !view.showsPath.value),
    "?": () => (view.showsHelp.value = true),
    n: () => follow(1),
    N: () => follow(-1),
    o: () => goToCounterpart(view, counterparts.value),
    "/": () => document.getElementById(SEARCH_ID)?.focus(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || view.showsHelp.value)
      return;
    const isWriting = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "Escape") {
      if (isWriting) {
        view.search.value = "";
        focusRows(activeTrace());
      } else closePanel(view);
      return;
    }
    if (isWriting) {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      focusRows(activeTrace());
      event.preventDefault();
      return;
    }
    const name = event.shiftKey && event.key.startsWith("Arrow") ? `Shift+${event.key}` : event.key;
    const action = actions[name] ?? (view.shows.value === "table" ? undefined : alongTheAxis[name]);
    if (action === undefined) {
      if (event.target !== document.body || !OF_ROWS.has(name)) return;
      // The keyboard was nowhere.
      const { key } = event;
      focusRows(activeTrace())?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      event.preventDefault();
      return;
    }
    event.preventDefault();
    action();
  });
}
