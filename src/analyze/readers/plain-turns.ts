/** Plain histories as turns. */
import type { ResultPart } from "../../core/result.ts";
import { NO_RESULT, type PlainCall, type PlainMessage } from "../../wire/plain-history.ts";
import { isUnanswered } from "../../wire/unanswered.ts";
import { openCall } from "../session-builder.ts";
import type { Said, SessionCall, SessionTurn } from "../session.ts";

/** The turns of a history, each with what was said to the model before it. */
export function plainTurns(history: readonly PlainMessage[]): SessionTurn[] {
  const turns: SessionTurn[] = [];
  let said: Said[] = [];
  for (const message of history) {
    switch (message.by) {
      case "user":
        said.push({ by: "user", text: textOf(message.parts) });
        break;
      case "system":
        said.push({ by: "system", text: message.text });
        break;
      case "model":
        turns.push({
          said,
          text: message.text,
          ...(message.thinking !== undefined && { thinking: message.thinking }),
          calls: message.calls.map(toCall),
        });
        said = [];
        break;
    }
  }
  return turns;
}

/** The text of a result's parts, without the images. */
export function textOf(parts: readonly ResultPart[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function toCall({ id, name, input, result }: PlainCall): SessionCall {
  // A history is repaired before it is read: what was put where a result is missing is none.
  if (result === NO_RESULT || isUnanswered(result)) return openCall({ id, name, input });
  const images = result.parts.filter(({ type }) => type === "image").length;
  return { id, name, input, result: textOf(result.parts), images, isError: result.isError };
}
