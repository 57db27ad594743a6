/** The last lines of a run: what it took, what was saved, and, if it was interrupted, what was done. Pure. */
import type { RunResult } from "../../agent/loop.ts";
import { describeCall } from "../call-words.ts";
import { formatCount, formatMs, formatPlural } from "../format.ts";
import { toolTime, type Row, type Waterfall } from "../waterfall/rows.ts";

/** What a run took, and what its tools' time would have been one after the other. */
export function tellUsage<Message>(
  { turns, calls, usage }: RunResult<Message>,
  waterfall: Waterfall,
): string[] {
  const { inputTokens, outputTokens } = usage;
  const facts = [
    formatMs(waterfall.wallMs ?? 0),
    formatPlural(turns, "turn"),
    formatPlural(calls, "call"),
    `${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out`,
  ];
  const { sumMs, busyMs, hiddenMs } = toolTime(waterfall);
  const waitedMs = busyMs - hiddenMs;
  const saved = `tools worked ${formatMs(sumMs)} and were waited for ${formatMs(waitedMs)}`;
  return [facts.join(" · "), ...(sumMs < 1 ? [] : [`${saved}: ${formatMs(sumMs - waitedMs)} saved`])];
}

/** What became of the calls of a run that was interrupted: nothing is claimed that is not known (G7). */
export function tellInterruption({ rows }: Waterfall): string[] {
  const calls = rows.filter(({ call, depth }) => call !== undefined && depth === 0);
  const groups = {
    done: calls.filter(({ status }) => status === "ok"),
    "may have taken effect": calls.filter(isUncertain),
    "not done": calls.filter((row) => row.status !== "ok" && !isUncertain(row)),
  };
  return [
    calls.length === 0 ? "interrupted before the model made a call" : "interrupted",
    ...Object.entries(groups)
      .filter(([, group]) => group.length > 0)
      .map(([title, group]) => `  ${title}: ${group.map(nameOf).join(", ")}`),
  ];
}

function nameOf({ call, label }: Row): string {
  return call === undefined ? label : describeCall(call);
}

/** A call that has not settled may have done anything. */
function isUncertain({ status, error }: Row): boolean {
  return status === "going" || error?.mayHaveTakenEffect === true;
}
