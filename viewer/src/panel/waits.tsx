/** Why a call waited: a sentence per wait, with links to what it waited for. */
import { explainWait, type SentencePart } from "../../../src/trace/explain.ts";
import type { TracedCall } from "../../../src/trace/trace.ts";
import { formatCount, formatMs } from "../format.ts";
import { subjectOf } from "../../../src/trace/labels.ts";
import { callWaits } from "../rows/call-waits.ts";
import type { OpenedTrace } from "../state/opened-trace.ts";
import type { Page } from "../state/page.ts";
import { WAIT_STYLES } from "../waterfall/patterns.ts";
import { visible } from "../../../src/trace/visible.ts";
import { RowLink } from "./row-link.tsx";
import { Section } from "./section.tsx";

/** What waited. */
export interface WaitsOptions {
  readonly page: Page;
  readonly opened: OpenedTrace;
  readonly call: TracedCall;
}

/** Shows the waits of a call. */
export function Waits({ page, opened, call }: WaitsOptions) {
  const nowMs = opened.nowMs.value;
  const waits = callWaits(call, nowMs);
  return (
    <Section title="Why it waited">
      {waits.length === 0 && <p class="note">It hardly waited.</p>}
      <ol class="waits">
        {waits.map(({ wait, ms, times, isOpen }, i) => (
          <li key={i}>
            <span class={`swatch ${WAIT_STYLES[wait.for].style}`} aria-hidden="true" />
            <span>
              {isOpen && call.status === "going" ? "Waits" : "Waited"} <b>{formatMs(ms)}</b>
              {times > 1 && `, ${formatCount(times)} times,`} for{" "}
              {explainWait(wait, { calls: opened.calls.value, of: call, isOpen }).map((part, j) => (
                <Part key={j} page={page} opened={opened} part={part} isRate={wait.for === "rate"} />
              ))}
              .
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

interface PartOptions extends Omit<WaitsOptions, "call"> {
  readonly part: SentencePart;
  readonly isRate: boolean;
}

function Part({ page, opened, part, isRate }: PartOptions) {
  if (part.call !== undefined) {
    const other = opened.calls.value.get(part.call);
    if (other === undefined) return <>{visible(part.text)}</>;
    const subject = subjectOf(other.call);
    return (
      <>
        <RowLink page={page} opened={opened} row={`call:${part.call}`}>
          {visible(part.text)}
        </RowLink>
        {subject !== "" && <> {visible(subject)}</>}
      </>
    );
  }
  if (part.pool === undefined) return <>{visible(part.text)}</>;
  const lane = isRate ? `rate/${part.pool}` : part.pool;
  const show = () => {
    page.view.shows.value = "waterfall";
    // The strip is there from the next frame on.
    requestAnimationFrame(() => showLimit(opened.index, lane));
  };
  return (
    <button class="link" title="Show this limit" onClick={show}>
      {visible(part.text)}
    </button>
  );
}

function showLimit(trace: number, lane: string): void {
  const name = document.getElementById(`limit-${trace}-${lane}`);
  name?.scrollIntoView({ block: "nearest" });
  name?.classList.remove("is-shown");
  // Read, so that the animation begins anew.
  void name?.offsetWidth;
  name?.classList.add("is-shown");
}
