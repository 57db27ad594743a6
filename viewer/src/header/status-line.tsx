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
  const { feed, trace, isGoing } = opened;
  const { startedOn } = trace.value;
  const [state, words] = stateOf(opened);
  const dropped = feed.dropped.value;
  return (
    <p class="status-line">
      <b>{feed.name}</b>
      <span class="state" data-state={state} role="status">
        {words}
      </span>
      {startedOn !== undefined && <time>{new Date(startedOn).toLocaleString()}</time>}
      {dropped !== undefined && (
        <span class="warning">
          The oldest {formatPlural(dropped.turns, "turn")} ({formatPlural(dropped.events, "event")}) were no
          longer kept.
        </span>
      )}
      {feed.fault.value !== undefined && <span class="warning">{feed.fault.value}</span>}
      {!isGoing.value || feed.kind === "live" ? null : (
        <span class="warning">The trace breaks off, or is still being written.</span>
      )}
    </p>
  );
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
