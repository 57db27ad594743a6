/**
 * From the parts of an answer to a turn.
 *
 * All parts go back as they came, in order, in one content: text, thoughts, calls, the provider's own tools, each signature
 * on the part that it came on. "Function call is missing a thought_signature in functionCall parts" is what the API says to
 * less, also to calls that are split over several contents.
 */
import type { CallRequest } from "../../core/call-request.ts";
import { modelName } from "../model-name.ts";
import type { StopReason, Turn, Usage } from "../wire.ts";
import type { Piece } from "./pieces.ts";
import type { GeminiCallPart, GeminiContent, GeminiPart } from "./protocol.ts";

/** What is known of an answer. */
export interface GeminiAnswer {
  readonly pieces: readonly Piece[];
  /** How many of the pieces are final (G9). */
  readonly settled: number;
  readonly stop: StopReason;
  readonly usage: Usage;
  readonly model: string | undefined;
}

/** The fields of a part that are not an answer by themselves. */
const SILENT: ReadonlySet<string> = new Set(["text", "thought", "thoughtSignature"]);

/** The turn that an answer is. */
export function toTurn({ pieces, settled, stop, usage, model }: GeminiAnswer): Turn<GeminiContent> {
  const calls = pieces.flatMap((piece, i): CallRequest[] => {
    if (!isCall(piece.part)) return [];
    return i < settled ? [toCall(piece)] : [{ ...toCall(piece), truncated: true }];
  });
  // What is not known here passes through as it came, so the type tells less than there is.
  const parts = pieces.map(replay) as GeminiCallPart[];
  return {
    messages: pieces.some(isSaid) ? [{ role: "model", parts }] : [],
    calls,
    text: pieces.map(textOf).join(""),
    stop: stop === "end" ? endOf(calls) : stop,
    usage,
    ...modelName(model),
  };
}

/** The call of a piece that is one. */
export function toCall({ part, streamed }: Piece): CallRequest {
  const { id = "", name = "", args } = part.functionCall ?? {};
  return { ...(id !== "" && { id }), name, input: streamed?.value ?? args ?? {} };
}

/** Whether a part is a call for the client. */
export function isCall(part: object): part is GeminiCallPart {
  return "functionCall" in part && Boolean(part.functionCall);
}

/** Whether a piece says something. Thoughts do not, nor does a signature alone. */
export function isSaid(piece: Piece): boolean {
  return textOf(piece) !== "" || Object.keys(piece.part).some((key) => !SILENT.has(key));
}

/** The text of a piece, as far as it is the answer's. */
export function textOf({ part, text = part.text }: Piece): string {
  return part.thought === true ? "" : (text ?? "");
}

/** What decides is whether there are calls: "STOP" is said to both. One that never became whole was cut off. */
function endOf(calls: readonly CallRequest[]): StopReason {
  if (calls.some(({ truncated }) => truncated === true)) return "truncated";
  return calls.length > 0 ? "calls" : "end";
}

/** The part as it goes back. A call that came in pieces does so whole: Google AI knows no others. */
function replay({ part, text, streamed }: Piece): GeminiPart {
  if (text !== undefined && text !== part.text) return { ...part, text };
  if (streamed === undefined) return part;
  const { partialArgs: _, willContinue: __, ...call } = part.functionCall ?? {};
  return { ...part, functionCall: { ...call, args: streamed.value } };
}
