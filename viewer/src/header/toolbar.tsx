/** What the user can set: words to look for, tools and outcomes to show, and ways to look. */
import { useRef } from "preact/hooks";
import type { CallStatus } from "../../../src/trace/trace.ts";
import { formatCount, formatPlural } from "../format.ts";
import { STATUS_SIGNS } from "../../../src/trace/labels.ts";
import type { Page } from "../state/page.ts";
import { nextScheme } from "../state/scheme.ts";
import { Choices } from "./choices.tsx";

/** The element that `/` leads to. */
export const SEARCH_ID = "search";

/** Shows what can be set. */
export function Toolbar({ page }: { readonly page: Page }) {
  const { view, traces, scheme } = page;
  const search = useRef<HTMLInputElement>(null);
  const calls = traces.flatMap(({ part }) => part.value.calls);
  const shown = traces.reduce((sum, { wanted }) => sum + wanted.value.length, 0);
  const isFiltered =
    view.search.value !== "" || view.tools.value !== undefined || view.statuses.value !== undefined;
  return (
    <div class="toolbar" role="toolbar" aria-label="What is shown">
      <input
        id={SEARCH_ID}
        ref={search}
        type="search"
        placeholder="Search  /"
        aria-label="Search calls"
        value={view.search.value}
        onInput={({ currentTarget }) => (view.search.value = currentTarget.value)}
      />
      <RunChoice page={page} />
      <Choices
        name="Tools"
        options={countsOf(calls.map(({ call }) => call.name))}
        chosen={view.tools.value}
        choose={(tools) => (view.tools.value = tools)}
      />
      <Choices
        name="Outcomes"
        options={countsOf(calls.map(({ status }) => status))}
        chosen={view.statuses.value}
        choose={(statuses) => (view.statuses.value = statuses as ReadonlySet<CallStatus> | undefined)}
        signOf={(status) => STATUS_SIGNS[status as CallStatus]}
      />
      <span class="count" role="status">
        {isFiltered && `${formatCount(shown)} of ${formatPlural(calls.length, "call")}`}
      </span>
      <span class="space" />
      <div class="switch" role="group" aria-label="View">
        {(["waterfall", "table"] as const).map((name) => (
          <button
            key={name}
            aria-pressed={view.shows.value === name}
            onClick={() => (view.shows.value = name)}
          >
            {name === "waterfall" ? "Waterfall" : "Table"}
          </button>
        ))}
      </div>
      <button
        class="path-switch"
        aria-pressed={view.showsPath.value}
        title="The steps that the time went into (p)"
        onClick={() => (view.showsPath.value = !view.showsPath.value)}
      >
        Critical path
      </button>
      <button
        disabled={view.range.value === undefined}
        title="Show all of the time (0)"
        onClick={() => (view.range.value = undefined)}
      >
        Reset zoom
      </button>
      <button
        title="Colours: as the system has them, light, or dark"
        aria-label={`Colour scheme: ${scheme.chosen.value}`}
        onClick={() => (scheme.chosen.value = nextScheme(scheme.chosen.value))}
      >
        {{ auto: "◐ Auto", light: "○ Light", dark: "● Dark" }[scheme.chosen.value]}
      </button>
      <button aria-label="Help" title="Keys and signs (?)" onClick={() => (view.showsHelp.value = true)}>
        ?
      </button>
    </div>
  );
}

/** Where a trace holds several runs: which of them is looked at. */
function RunChoice({ page }: { readonly page: Page }) {
  const { run } = page.view;
  const names = new Set(page.traces.flatMap(({ trace }) => trace.value.runs.map(({ name }) => name)));
  if (page.traces.every(({ trace }) => trace.value.runs.length < 2)) return null;
  return (
    <select
      aria-label="Run"
      value={run.value !== undefined && names.has(run.value) ? run.value : ""}
      onChange={({ currentTarget: { value } }) => (run.value = value === "" ? undefined : value)}
    >
      <option value="">All {formatCount(names.size)} runs</option>
      {[...names].map((name) => (
        <option key={name} value={name}>
          Run {name}
        </option>
      ))}
    </select>
  );
}

/** What there is, and how often, the most frequent first. */
function countsOf(words: readonly string[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
}
