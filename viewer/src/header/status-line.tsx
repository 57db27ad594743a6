/** Which trace this is, and how things stand with it. */
import type { OpenedTrace } from "../state/opened-trace.ts";
import { formatPlural } from "../format.ts";

/** Shows a line per trace. */
export function StatusLine({ traces }: { readonly traces: readonly OpenedTrace[] }) {
  return (
    <div class="status-lines">
      <h1>Tutti</h1>
      {traces.map((opened) => (
        <Status key={opened.index} opened={opened} />
      ))}
    </div>
  );
}

function Status({ opened }: { readonly opened: OpenedTrace }) {
  const { feed, trace } = opened;
  const { startedOn } = trace.value;
  const [state, words] = stateOf(opened);
  return (
    <p class="status-line">
      <b title={feed.name}>{feed.name}</b>
      <span class="state" data-state={state} role="status">
        {words}
      </span>
      {startedOn !== undefined && <time>{new Date(startedOn).toLocaleString()}</time>}
      {warningsOf(opened).map((warning) => (
        <span class="warning" key={warning}>
          {warning}
        </span>
      ))}
    </p>
  );
}

/** What the trace lacks, in sentences. */
function warningsOf({ feed, isGoing }: OpenedTrace): string[] {
  const { dropped, skipped, fault, isMissing } = feed.lack.value;
  const warnings: string[] = [];
  if (dropped !== undefined) {
    const { turns, events } = dropped;
    const whole = turns === 0 ? "" : `, ${formatPlural(turns, "whole turn")} among them`;
    warnings.push(`No longer kept: ${formatPlural(events, "event")}${whole}.`);
  }
  if (fault !== undefined) warnings.push(fault);
  if (skipped !== undefined)
    warnings.push(`${formatPlural(skipped, "line")} left out: no events of a trace.`);
  if (isMissing === true) warnings.push("The file is not there, or cannot be read.");
  else if (isGoing.value && feed.kind === "file")
    warnings.push("The trace breaks off, or is still being written.");
  return warnings;
}

function stateOf({ feed, isGoing }: OpenedTrace): readonly [state: string, words: string] {
  switch (feed.status.value) {
    case "connecting":
      return ["quiet", "connecting …"];
    case "open":
      if (feed.kind === "live") return isGoing.value ? ["live", "live"] : ["quiet", "waits for more"];
      return ["quiet", ""];
    case "ended":
      return ["quiet", ""];
    case "lost":
      return ["lost", "the connection is lost; this is what came until then"];
    case "refused":
      return ["lost", "refused: open the link that Tutti printed"];
  }
}
