/** All that is known of a turn. */
import type { TracedTurn } from "../../../src/trace/trace.ts";
import { formatCount, formatMs, formatPlural } from "../format.ts";
import { STATUS_SIGNS, subjectOf } from "../../../src/trace/labels.ts";
import { titleOf } from "../rows/row-words.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { visible } from "../../../src/trace/visible.ts";
import { CopyButtons } from "./copy-buttons.tsx";
import { InOther } from "./in-other.tsx";
import { RowLink } from "./row-link.tsx";
import { Section } from "./section.tsx";
import { Value } from "./value.tsx";

/** What is shown. */
export interface TurnDetailsOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly turn: TracedTurn;
}

const MAX_CALLS = 500;

/** Shows a turn. */
export function TurnDetails({ page, opened, turn }: TurnDetailsOptions) {
  const calls = opened.trace.value.calls.filter((call) => call.turn === turn.key && call.depth === 0);
  const nowMs = opened.nowMs.value;
  return (
    <>
      <header>
        <h2>{titleOf(turn, turn.run !== undefined)}</h2>
        <p class="facts">
          <span class="chip" data-status={turn.status}>
            {STATUS_SIGNS[turn.status]} {turn.status === "going" ? "not over" : (turn.stop ?? turn.status)}
          </span>
          <span>{factsOf(turn, nowMs)}</span>
        </p>
        <CopyButtons
          json={() => JSON.stringify(turn, null, 2)}
          choice={{ trace: opened.index, row: `turn:${turn.key}` }}
        />
      </header>
      {turn.error !== undefined && (
        <Section title="Error">
          <p class="error">{visible(turn.error.message)}</p>
        </Section>
      )}
      <InOther page={page} choice={{ trace: opened.index, row: `turn:${turn.key}` }} />
      {turn.text !== "" && (
        <Section title="What the model said">
          <Value value={turn.text} />
        </Section>
      )}
      <Section title={formatPlural(calls.length, "call")}>
        <ul class="plain">
          {calls.slice(0, MAX_CALLS).map((call) => (
            <li key={call.key}>
              <span class="sign" data-status={call.status}>
                {STATUS_SIGNS[call.status]}
              </span>
              <RowLink page={page} opened={opened} row={`call:${call.key}`}>
                {call.call.name}
              </RowLink>{" "}
              {visible(subjectOf(call.call))}
            </li>
          ))}
        </ul>
        {calls.length > MAX_CALLS && <p class="note">And {formatCount(calls.length - MAX_CALLS)} more.</p>}
      </Section>
    </>
  );
}

function factsOf(of: TracedTurn, nowMs: number): string {
  const { turn, model, responseModel, wire, usage, fromMs, modelToMs, toMs } = of;
  return [
    responseModel ?? model ?? "",
    wire ?? "",
    turn === undefined ? "" : `model ${formatMs((modelToMs ?? nowMs) - fromMs)}`,
    `until the last result ${formatMs((toMs ?? nowMs) - fromMs)}`,
    usage === undefined
      ? ""
      : `tokens ${formatCount(usage.inputTokens)} in (${formatCount(usage.cachedInputTokens)} cached), ${formatCount(usage.outputTokens)} out`,
  ]
    .filter(Boolean)
    .join(" · ");
}
