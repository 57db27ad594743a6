/** What the text report and the page say in the same words. */
import type { Analysis } from "../../analyze/analysis.ts";
import type { Savings } from "../../analyze/savings.ts";
import { formatCount, formatMs, formatPercent, formatPlural } from "../../trace/format.ts";

/** How missed parallelism is judged, in short. */
export const HOW_IT_IS_JUDGED =
  "An estimate, on the quiet side: turns count as missed when their calls only read, nothing in between failed or was empty, and " +
  "each asks as an earlier one did for what came next in a list that was there before. Certain: people listed it in words that make " +
  "no condition, and no result names it. Requests that are not understood are left out, such as all that are " +
  "not English; so are calls of tools that may write, unless --reads says that they do not: docs/analyze.md.";

/** A part of all: what there is of is never 0 %. */
export function tellShare(part: number): string {
  return part > 0 && part < 0.005 ? "under 1 %" : formatPercent(part);
}

/** What the calls per turn would have been. */
export function tellReachable({ missed, saved, reachable, callsPerTurn }: Analysis): string {
  if (missed.length === 0) {
    return "No turn is found whose calls could plainly have been made in the one before it.";
  }
  const { certain, all } = saved;
  const likely = all.roundTrips - certain.roundTrips;
  const parts = [
    ...(certain.roundTrips > 0 ? [`${formatCount(certain.roundTrips)} certain`] : []),
    ...(likely > 0 ? [`${formatCount(likely)} likely`] : []),
  ];
  return (
    `It could have been ${reachable.likely.toFixed(2)} instead of ${callsPerTurn.toFixed(2)}, with ` +
    `${formatPlural(all.roundTrips, "round trip")} less (${parts.join(", ")}).`
  );
}

/** What the missed chains cost. */
export function tellSavings({
  roundTrips,
  inputTokens,
  cachedInputTokens,
  estimatedInputTokens,
  ms,
}: Savings): string {
  const about =
    estimatedInputTokens === 0 ? "" : estimatedInputTokens === inputTokens ? "about " : "partly estimated ";
  const cached = cachedInputTokens === 0 ? "" : `, ${formatCount(cachedInputTokens)} of them from the cache`;
  const time = ms === undefined ? "" : `; at most ${formatMs(ms)} of waiting`;
  return `${formatPlural(roundTrips, "round trip")}, which read ${about}${formatCount(inputTokens)} input tokens${cached}${time}.`;
}
