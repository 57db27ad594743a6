/** The side panel: all that is known of the row that was opened. */
import { useEffect, useRef } from "preact/hooks";
import { closePanel } from "../state/focus.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import type { RowChoice } from "../state/view.ts";
import { CallDetails } from "./call-details.tsx";
import { TurnDetails } from "./turn-details.tsx";

/** Shows what is opened; nothing if nothing is, or if the trace has not come to it. */
export function SidePanel({ page }: { readonly page: Page }) {
  const { opened: choice } = page.view;
  if (choice.value === undefined) return null;
  const opened = page.traces[choice.value.trace];
  if (opened === undefined) return null;
  return <Panel page={page} opened={opened} choice={choice.value} />;
}

interface PanelOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly choice: RowChoice;
}

function Panel({ page, opened, choice }: PanelOptions) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (panel.current !== null) panel.current.scrollTop = 0;
  }, [choice.row, choice.trace]);
  const [kind, key] = [choice.row.slice(0, 4), choice.row.slice(5)];
  const call = kind === "call" ? opened.calls.value.get(key) : undefined;
  const turn = kind === "turn" ? opened.trace.value.turns.find((each) => each.key === key) : undefined;
  return (
    <aside class="panel" ref={panel} aria-label="Details" tabIndex={-1}>
      <button class="close" aria-label="Close" title="Close (Esc)" onClick={() => closePanel(page.view)}>
        ×
      </button>
      {call !== undefined && <CallDetails key={choice.row} page={page} opened={opened} call={call} />}
      {turn !== undefined && <TurnDetails key={choice.row} page={page} opened={opened} turn={turn} />}
      {call === undefined && turn === undefined && <p>The trace holds no {choice.row.replace(":", " ")}.</p>}
    </aside>
  );
}
