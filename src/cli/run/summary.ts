/** The last lines of a run: what it took, what was saved, and, if it was interrupted, what was done. Pure. */
import type { RunResult } from "../../agent/loop.ts";
import { figuresOf, modelsOwn } from "../../trace/figures.ts";
import type { Trace, TracedCall } from "../../trace/trace.ts";
import { describeCall } from "../call-words.ts";
import { formatCount, formatMs, formatPlural } from "../../trace/format.ts";

/** What a run took, and what its tools' time would have been one after the other. */
export function tellUsage<Message>({ turns, calls, usage }: RunResult<Message>, trace: Trace): string[] {
  const { inputTokens, outputTokens } = usage;
  const { wallMs, modelMs, runningMs, savedMs } = figuresOf(trace);
  const facts = [
    formatMs(wallMs),
    formatPlural(turns, "turn"),
    formatPlural(calls, "call"),
    `${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out`,
  ];
  const saved = `tools worked ${formatMs(runningMs)} and were waited for ${formatMs(wallMs - modelMs)}`;
  return [facts.join(" · "), ...(runningMs < 1 ? [] : [`${saved}: ${formatMs(savedMs)} saved`])];
}

/** What became of the calls of a run that was interrupted: nothing is claimed that is not known (G7). */
export function tellInterruption(trace: Trace): string[] {
  const calls = modelsOwn(trace);
  const groups = {
    done: calls.filter(({ status }) => status === "ok"),
    "may have taken effect": calls.filter(isUncertain),
    "not done": calls.filter((call) => call.status !== "ok" && !isUncertain(call)),
  };
  return [
    calls.length === 0 ? "interrupted before the model made a call" : "interrupted",
    ...Object.entries(groups)
      .filter(([, group]) => group.length > 0)
      .map(([title, group]) => `  ${title}: ${group.map(({ call }) => describeCall(call)).join(", ")}`),
  ];
}

/** A call that has not settled may have done anything. */
function isUncertain({ status, error }: TracedCall): boolean {
  return status === "going" || error?.mayHaveTakenEffect === true;
}
