/** The view as the hash of the page's address, so that a link leads to what is being looked at. */
import { effect } from "@preact/signals";
import type { CallStatus } from "../../../src/trace/trace.ts";
import type { RowChoice, View } from "./view.ts";

/** The hash for a view, without `#`; empty for a view of everything. */
export function writeViewLink(view: View): string {
  const said = new URLSearchParams();
  const { shows, range, run, search, tools, statuses, showsPath, opened } = view;
  if (opened.value !== undefined) said.set("open", writeChoice(opened.value));
  if (shows.value !== "waterfall") said.set("view", shows.value);
  if (range.value !== undefined) said.set("time", `${tidy(range.value.fromMs)}-${tidy(range.value.toMs)}`);
  if (run.value !== undefined) said.set("run", run.value);
  if (search.value !== "") said.set("search", search.value);
  for (const tool of tools.value ?? []) said.append("tool", tool);
  for (const status of statuses.value ?? []) said.append("outcome", status);
  if (!showsPath.value) said.set("path", "off");
  return said.toString();
}

/** Sets a view to what a hash says; what it does not say is as in a view of everything. */
export function readViewLink(view: View, hash: string): void {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const choice = readChoice(said.get("open"));
  view.opened.value = choice;
  if (choice !== undefined) view.active.value = choice;
  view.shows.value = said.get("view") === "table" ? "table" : "waterfall";
  const [, from, to] = /^([\d.]+)-([\d.]+)$/.exec(said.get("time") ?? "") ?? [];
  const range = { fromMs: Number(from), toMs: Number(to) };
  view.range.value = range.toMs > range.fromMs ? range : undefined;
  view.run.value = said.get("run") ?? undefined;
  view.search.value = said.get("search") ?? "";
  view.tools.value = said.has("tool") ? new Set(said.getAll("tool")) : undefined;
  view.statuses.value = said.has("outcome") ? new Set(said.getAll("outcome") as CallStatus[]) : undefined;
  view.showsPath.value = said.get("path") !== "off";
}

/**
 * Keeps the address and the view the same. A pause lies before the address changes: browsers bear few changes a second. To open the
 * side panel, or the table, is a step that the browser's Back takes back; anything else is not.
 */
export function linkView(view: View): void {
  readViewLink(view, location.hash);
  addEventListener("hashchange", () => readViewLink(view, location.hash));
  let timer: number | undefined;
  let lastStep = stepOf(view);
  effect(() => {
    const hash = writeViewLink(view);
    const step = stepOf(view);
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const isStep = step !== lastStep;
      lastStep = step;
      // As it is after Back.
      if (location.hash === (hash === "" ? "" : `#${hash}`)) return;
      const address = hash === "" ? "#" : `#${hash}`;
      if (isStep) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    }, 250);
  });
}

function stepOf({ shows, opened }: View): string {
  return `${shows.value} ${opened.value === undefined ? "alone" : "with the panel"}`;
}

/** The address of a row in this page, with the token that it was opened with. */
export function linkTo(choice: RowChoice): string {
  const link = new URL(location.href);
  link.hash = new URLSearchParams({ open: writeChoice(choice) }).toString();
  return link.href;
}

function writeChoice({ trace, row }: RowChoice): string {
  return trace === 0 ? row : `${row}@${trace + 1}`;
}

function readChoice(text: string | null): RowChoice | undefined {
  const [, row, trace = "1"] = /^((?:turn|call):.+?)(?:@(\d+))?$/.exec(text ?? "") ?? [];
  return row === undefined ? undefined : { row, trace: Number(trace) - 1 };
}

function tidy(ms: number): string {
  return String(Math.max(0, Math.round(ms * 1000) / 1000));
}
