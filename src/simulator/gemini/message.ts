/** A response of Gemini's as a whole, and the parts that it shares with the stream. */
import type { StopReason } from "../../wire/wire.ts";
import { isWhole, saidOf, type Timeline } from "../pacing.ts";
import type { Reply } from "../protocol.ts";
import type { CallBlock } from "../scenario.ts";
import { isNewModel } from "./request.ts";
import { signCall, signText } from "./signature-rules.ts";

/** A part as it goes out. */
export type Part = Readonly<Record<string, unknown>>;

/** The response as a client gets it that did not ask for a stream: one chunk with all parts. */
export function writeMessage(reply: Reply): Record<string, unknown> {
  const { timeline } = reply;
  const started = timeline.beats.flatMap((beat) => (beat.kind === "block-start" ? [beat.block] : []));
  const parts = started.flatMap((index) => wholeParts(reply, index));
  return response(reply, { parts: [...parts, ...lastParts(reply)], isLast: true });
}

/** A response, or a chunk of one; the last one says why the model stopped. */
export function response(
  reply: Reply,
  { parts, isLast }: { readonly parts: readonly Part[]; readonly isLast: boolean },
): Record<string, unknown> {
  const { usage, token, model } = reply;
  const reason = isLast ? finishReason(reply) : undefined;
  const thrown = isLast ? thrownAway(reply) : undefined;
  const content = thrown === undefined ? { parts, role: "model" } : {};
  return {
    candidates: [
      {
        ...(parts.length > 0 || !isLast || thrown !== undefined
          ? { content }
          : { content: { role: "model" } }),
        ...(reason !== undefined && { finishReason: thrown ?? reason }),
        ...(thrown !== undefined &&
          thrown !== "STOP" && { finishMessage: "The model's call could not be used." }),
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: usage.inputTokens,
      ...(isLast && { candidatesTokenCount: usage.outputTokens }),
      totalTokenCount: usage.inputTokens + (isLast ? usage.outputTokens : 0),
    },
    modelVersion: model,
    responseId: token,
  };
}

/** The reason to stop of a turn whose calls the provider throws away; undefined where it does not. */
export function thrownAway({ timeline, quirks }: Reply): string | undefined {
  if (!timeline.blocks.some(({ kind }) => kind === "call")) return undefined;
  if (quirks.has("malformed-call")) return "MALFORMED_FUNCTION_CALL";
  if (quirks.has("too-many-calls")) return "TOO_MANY_TOOL_CALLS";
  // https://github.com/su-kaka/gcli2api/pull/406
  return quirks.has("empty-stop") ? "STOP" : undefined;
}

/** The parts of a block, as it ended. A call that was cut off is not sent at all. */
export function wholeParts(reply: Reply, index: number): Part[] {
  const { timeline, quirks } = reply;
  const block = timeline.blocks[index];
  const said = saidOf(timeline, index);
  switch (block?.kind) {
    case "thinking":
      return said === "" ? [] : [{ text: said, thought: true }];
    case "text":
      return said === "" ? [] : [{ text: said }];
    case "call": {
      if (!isWhole(timeline, index)) return [];
      const part = callPart(reply, block);
      // A proxy: https://github.com/router-for-me/CLIProxyAPI/issues/5199
      return quirks.has("repeated-calls") ? [part, part] : [part];
    }
    case "server-call":
      return isWhole(timeline, index) ? [{ executableCode: { language: "PYTHON", code: said } }] : [];
    case "server-result":
      return [{ codeExecutionResult: { outcome: "OUTCOME_OK", output: JSON.stringify(block.result) } }];
    case undefined:
      return [];
  }
}

/** What comes at the very end: a signature on an empty text, where it comes late (G9). */
export function lastParts({ timeline, quirks }: Reply): Part[] {
  const hasCalls = timeline.blocks.some(({ kind }) => kind === "call");
  return quirks.has("late-signature") && !hasCalls ? [{ text: "", thoughtSignature: signText("late") }] : [];
}

function callPart(reply: Reply, block: CallBlock): Part {
  const { timeline, model } = reply;
  const id = callId(reply, block);
  const call = { name: block.name, args: block.input };
  const isFirst = timeline.blocks.find(({ kind }) => kind === "call") === block;
  return {
    functionCall: { ...call, ...(id !== undefined && { id }) },
    ...(isFirst && isNewModel(model) && { thoughtSignature: signCall(call) }),
  };
}

function callId({ quirks, model, token }: Reply, block: CallBlock): string | undefined {
  if (!isNewModel(model) || quirks.has("no-ids") || quirks.has("refuses-ids")) return undefined;
  if (quirks.has("same-ids")) return token.slice(0, 8).toLowerCase();
  return block.id ?? block.token.slice(0, 8).toLowerCase();
}

const REASONS: Readonly<Record<StopReason, string>> = {
  calls: "STOP",
  end: "STOP",
  truncated: "MAX_TOKENS",
  refused: "SAFETY",
  // The protocol has no word for it: a server's own tools run inside the response.
  paused: "STOP",
};

function finishReason({ timeline, quirks }: Reply): string | undefined {
  const stop = stopOf(timeline);
  if (stop === "truncated" && quirks.has("hidden-truncation")) return "STOP";
  return stop && REASONS[stop];
}

function stopOf({ beats }: Timeline): StopReason | undefined {
  const last = beats.at(-1);
  return last?.kind === "stop" ? last.stop : undefined;
}
