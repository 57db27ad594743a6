/** All that is known of a call. */
import type { TracedCall } from "../../../src/trace/trace.ts";
import { workedMs } from "../../../src/trace/figures.ts";
import { formatMs } from "../format.ts";
import { STATUS_SIGNS } from "../../../src/trace/labels.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { visible } from "../../../src/trace/visible.ts";
import { Attempts } from "./attempts.tsx";
import { CopyButtons } from "./copy-buttons.tsx";
import { InOther } from "./in-other.tsx";
import { RowLink } from "./row-link.tsx";
import { Section } from "./section.tsx";
import { Answer } from "./answer.tsx";
import { Value } from "./value.tsx";
import { Waits } from "./waits.tsx";

/** What is shown. */
export interface CallDetailsOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly call: TracedCall;
}

/** Shows a call. */
export function CallDetails({ page, opened, call }: CallDetailsOptions) {
  const { status, error } = call;
  const nowMs = opened.nowMs.value;
  const inside = opened.trace.value.calls.filter(({ parent }) => parent === call.key);
  return (
    <>
      <header>
        <h2>{visible(call.call.name)}</h2>
        <p class="facts">
          <span class="chip" data-status={status}>
            {STATUS_SIGNS[status]} {status === "going" ? "not over" : status}
          </span>
          <span>{factsOf(call, nowMs)}</span>
        </p>
        <CopyButtons json={() => jsonOf(call)} choice={{ trace: opened.index, row: `call:${call.key}` }} />
      </header>
      {error !== undefined && (
        <Section title="Error">
          <p class="error">
            <code>{error.code}</code> {visible(error.message)}
          </p>
          <p class="note">
            {error.retryable ? "Made again, it might succeed." : "Made again, it would not help, or do harm."}{" "}
            {error.mayHaveTakenEffect ? "It may have taken effect." : "It has had no effect."}
          </p>
          {error.cause !== undefined && error.cause !== null && (
            <Value title="cause" value={error.cause} isFolded />
          )}
        </Section>
      )}
      <InOther page={page} choice={{ trace: opened.index, row: `call:${call.key}` }} />
      <Waits page={page} opened={opened} call={call} />
      <Attempts call={call} nowMs={nowMs} />
      <Section title="Input">
        <Value value={call.call.input} />
      </Section>
      <Answer call={call} />
      {call.progress.length > 0 && (
        <Section title={`Progress (${call.progress.length})`}>
          <ol class="progress">
            {call.progress.slice(-50).map(({ atMs, value }, i) => (
              <li key={i}>
                <time>{formatMs(atMs - call.queuedMs)}</time> <Value value={value} />
              </li>
            ))}
          </ol>
        </Section>
      )}
      {inside.length > 0 && (
        <Section title={`Calls inside (${inside.length})`}>
          <ul class="plain">
            {inside.slice(0, 200).map(({ key, call: { name } }) => (
              <li key={key}>
                <RowLink page={page} opened={opened} row={`call:${key}`}>
                  {name}
                </RowLink>{" "}
                <small>{key}</small>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function factsOf(call: TracedCall, nowMs: number): string {
  const { key, call: said, pools, startedMs, queuedMs, settledMs = nowMs, isWrapper } = call;
  const waitedMs = call.stretches.reduce(
    (sum, { kind, fromMs, toMs = nowMs }) => sum + (kind === "wait" ? toMs - fromMs : 0),
    0,
  );
  return [
    key,
    said.id === undefined || said.id === key ? "" : `id ${said.id}`,
    said.node === undefined ? "" : `node ${said.node}`,
    isWrapper ? `holds calls, for ${formatMs(settledMs - queuedMs)}` : `waited ${formatMs(waitedMs)}`,
    isWrapper || startedMs === undefined ? "" : `ran ${formatMs(workedMs(call, nowMs))}`,
    pools.length === 0 ? "" : `pools ${pools.join(", ")}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function jsonOf(call: TracedCall): string {
  return JSON.stringify(call, null, 2);
}
