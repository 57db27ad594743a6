/** Plain histories as turns. */
import type { ResultPart } from "../../core/result.ts";
import type { PlainCall, PlainMessage } from "../../wire/plain-history.ts";
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
        turns.push({ said, text: message.text, calls: message.calls.map(toCall) });
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
  const images = result.parts.filter(({ type }) => type === "image").length;
  return { id, name, input, result: textOf(result.parts), images, isError: result.isError };
}
