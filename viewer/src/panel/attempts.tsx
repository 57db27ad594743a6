/** The attempts of a call, where there was more than one or the one was special. */
import { useSignal } from "@preact/signals";
import type { TracedAttempt, TracedCall } from "../../../src/trace/trace.ts";
import { formatCount, formatMs } from "../format.ts";
import { visible } from "../../../src/trace/visible.ts";
import { Section } from "./section.tsx";

const WORDS: Readonly<Record<TracedAttempt["status"], string>> = {
  going: "runs",
  ok: "ok",
  failed: "failed",
  lost: "slower than the other; what it returned was dropped",
  abandoned: "ignored its signal and was given up on",
  stopped: "was told to stop",
};

/** Of very many the first and the last are shown. */
const SHOWN_AT_AN_END = 5;

/** Shows them. */
export function Attempts({ call, nowMs }: { readonly call: TracedCall; readonly nowMs: number }) {
  const { attempts, queuedMs } = call;
  const isWhole = useSignal(false);
  const [only] = attempts;
  if (only === undefined || (attempts.length === 1 && (only.status === "ok" || only.status === "going")))
    return null;
  const isCut = !isWhole.value && attempts.length > 2 * SHOWN_AT_AN_END + 2;
  const shown = isCut
    ? [...attempts.slice(0, SHOWN_AT_AN_END), ...attempts.slice(-SHOWN_AT_AN_END)]
    : attempts;
  return (
    <Section title={`Attempts (${attempts.length})`}>
      <table class="attempts">
        <tbody>
          {shown.map((attempt) => (
            <tr key={attempt.number}>
              <th scope="row">
                {attempt.number}
                {attempt.as === "first" ? "" : ` ${attempt.as}`}
              </th>
              <td class="number">after {formatMs(attempt.fromMs - queuedMs)}</td>
              <td class="number">{formatMs((attempt.toMs ?? nowMs) - attempt.fromMs)}</td>
              <td data-status={attempt.status}>
                {WORDS[attempt.status]}
                {attempt.error !== undefined && `: ${visible(attempt.error.message)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {isCut && (
        <button class="link" onClick={() => (isWhole.value = true)}>
          Show all {formatCount(attempts.length)} attempts
        </button>
      )}
    </Section>
  );
}
