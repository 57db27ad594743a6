/** Evidence in words. */
import type { ChainTurn } from "../../analyze/analysis.ts";
import type { Evidence } from "../../analyze/judge-turn.ts";
import type { Origin } from "../../analyze/entry.ts";
import { oneLine } from "../format.ts";

const MAX_VALUE = 40;

/** Why a turn's calls could have been made before, in a line for each reason; values with the same reason share one. */
export function evidenceLines({ evidence }: ChainTurn): string[] {
  const byReason = Map.groupBy(evidence, reasonOf);
  return [...byReason].map(([reason, all]) => {
    const values = [...new Set(all.map(nameOf))];
    const shown = values.slice(0, 3).join(", ");
    const more = values.length > 3 ? ` and ${values.length - 3} more` : "";
    return `${shown}${more}: ${reason}`;
  });
}

function nameOf({ key, value }: Evidence): string {
  const text = oneLine(value).trim();
  const short = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text;
  return key === "" ? short : `${oneLine(key)} ${short}`;
}

function reasonOf({ origin, isPieced }: Evidence): string {
  return `${isPieced ? "in part " : ""}${placeOf(origin)}`;
}

function placeOf({ from, turn }: Origin): string {
  switch (from) {
    case "user":
      return `said by the user before turn ${turn}`;
    case "system":
      return `said to the model before turn ${turn}`;
    case "model":
      return `written by the model in turn ${turn}`;
    case "input":
      return `in a call of turn ${turn}`;
    case "result":
      return `in a result of turn ${turn}`;
  }
}
