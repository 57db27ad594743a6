/** The attempts of a call, where there was more than one or the one was special. */
import type { TracedAttempt, TracedCall } from "../../../src/trace/trace.ts";
import { formatMs } from "../format.ts";
import { Section } from "./section.tsx";

const WORDS: Readonly<Record<TracedAttempt["status"], string>> = {
  going: "runs",
  ok: "ok",
  failed: "failed",
  lost: "slower than the other; what it returned was dropped",
  abandoned: "ignored its signal and was given up on",
  stopped: "was told to stop",
};

/** Shows them. */
export function Attempts({ call, nowMs }: { readonly call: TracedCall; readonly nowMs: number }) {
  const { attempts, queuedMs } = call;
  const [only] = attempts;
  if (only === undefined || (attempts.length === 1 && (only.status === "ok" || only.status === "going")))
    return null;
  return (
    <Section title={`Attempts (${attempts.length})`}>
      <table class="attempts">
        <tbody>
          {attempts.map((attempt) => (
            <tr key={attempt.number}>
              <th scope="row">
                {attempt.number}
                {attempt.as === "first" ? "" : ` ${attempt.as}`}
              </th>
              <td class="number">after {formatMs(attempt.fromMs - queuedMs)}</td>
              <td class="number">{formatMs((attempt.toMs ?? nowMs) - attempt.fromMs)}</td>
              <td data-status={attempt.status}>
                {WORDS[attempt.status]}
                {attempt.error !== undefined && `: ${attempt.error.message}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
