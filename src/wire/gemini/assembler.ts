/**
 * Puts an answer of Gemini's together, chunk by chunk. One that comes whole is a single chunk.
 *
 * 1. A call comes whole in its part, or in parts that say that more follow. It is committed when a later part has come, or a
 *    reason to stop that is no cut-off; in order, and never again (G9).
 * 2. A finish reason holds only once something was said: proxies put "STOP" on all chunks, also on empty ones at the
 *    beginning. A response that is over and said nothing is no turn.
 */
import type { CallRequest } from "../../core/call-request.ts";
import { TuttiError } from "../../core/errors.ts";
import type { Assembler, Progress, StopReason, Turn, Usage } from "../wire.ts";
import { isFailure, reasonOf, stopOf } from "./finish-reason.ts";
import { Pieces, type Piece } from "./pieces.ts";
import type { GeminiCandidate, GeminiContent, GeminiResponse, GeminiUsage } from "./protocol.ts";
import { isCall, isSaid, toCall, toTurn } from "./turn.ts";

const NOTHING: Progress = Object.freeze({ committed: Object.freeze([]) });

/** Puts one answer together. */
export class GeminiAssembler implements Assembler<GeminiContent, GeminiResponse> {
  readonly #pieces = new Pieces();
  #stop: StopReason | undefined;
  /** The provider's word, whether or not it was believed. */
  #reason = "";
  #usage: Usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };
  #model: string | undefined;

  get ended(): boolean {
    return this.#stop !== undefined;
  }

  /**
   * Takes the next chunk.
   *
   * @throws TuttiError `model-failed` for an error in it, and for a finish reason that says that the provider threw away
   *   what the model wrote
   */
  push({ candidates, promptFeedback, usageMetadata, modelVersion, error }: GeminiResponse): Progress {
    if (error) throw failure(error);
    if (usageMetadata) this.#usage = counted(this.#usage, usageMetadata);
    this.#model ??= modelVersion;
    if (isBlocked(promptFeedback?.blockReason)) this.#stop = "refused";
    const candidate = firstOf(candidates);
    if (candidate === undefined) return NOTHING;
    let text = "";
    for (const part of candidate.content?.parts ?? []) {
      this.#pieces.add(part);
      if (part.thought !== true) text += part.text ?? "";
    }
    this.#end(candidate);
    const committed = this.#commit();
    if (committed.length === 0) return text === "" ? NOTHING : { text, committed };
    return text === "" ? { committed } : { text, committed };
  }

  /**
   * Takes note that nothing more will come.
   *
   * @throws TuttiError `model-failed` when what came is no turn
   */
  end(): void {
    if (this.ended) return;
    const what = this.#hasSaid()
      ? "the response broke off before a finish reason came"
      : this.#reason === ""
        ? "the response holds no answer"
        : `the model said nothing, and stopped with ${this.#reason}`;
    throw new TuttiError("model-failed", what);
  }

  finish(): Turn<GeminiContent> {
    const { all: pieces, settled } = this.#pieces;
    return this.#turn(pieces, settled, this.#stop ?? "truncated");
  }

  committed(): Turn<GeminiContent> {
    const { all, settled } = this.#pieces;
    return this.#turn(all.slice(0, settled), settled, "end");
  }

  #turn(pieces: readonly Piece[], settled: number, stop: StopReason): Turn<GeminiContent> {
    return toTurn({ pieces, settled, stop, usage: this.#usage, model: this.#model });
  }

  #end({ finishReason, finishMessage }: GeminiCandidate): void {
    const reason = reasonOf(finishReason);
    if (reason === "") return;
    if (isFailure(reason)) {
      throw new TuttiError(
        "model-failed",
        finishMessage === undefined ? reason : `${reason}: ${finishMessage}`,
      );
    }
    this.#reason = reason;
    // What was cut off stays so (G9), whatever a later chunk says.
    if (this.#stop !== undefined && this.#stop !== "end") return;
    const stop = stopOf(reason);
    if (stop === "truncated" || stop === "refused" || this.#hasSaid()) this.#stop = stop ?? "truncated";
  }

  #commit(): readonly CallRequest[] {
    const settled = this.#pieces.settle(this.#stop === "end");
    if (settled.length === 0) return NOTHING.committed;
    return settled.filter(({ part }) => isCall(part)).map(toCall);
  }

  #hasSaid(): boolean {
    return this.#pieces.all.some(isSaid);
  }
}

/** Where several candidates were asked for, they come mixed; the first is the one that is read. */
function firstOf(candidates: readonly GeminiCandidate[] = []): GeminiCandidate | undefined {
  for (const candidate of candidates) if ((candidate.index ?? 0) === 0) return candidate;
  return undefined;
}

function isBlocked(reason: string | undefined): boolean {
  return reason !== undefined && reason !== "BLOCK_REASON_UNSPECIFIED";
}

/** The counts of a chunk are totals, not increments, and absent where nothing is known yet. */
function counted(before: Usage, usage: GeminiUsage): Usage {
  const { promptTokenCount: prompt, candidatesTokenCount: candidates, thoughtsTokenCount: thoughts } = usage;
  return {
    inputTokens: prompt === undefined ? before.inputTokens : prompt + (usage.toolUsePromptTokenCount ?? 0),
    outputTokens:
      candidates === undefined && thoughts === undefined
        ? before.outputTokens
        : (candidates ?? 0) + (thoughts ?? 0),
    cachedInputTokens: usage.cachedContentTokenCount ?? before.cachedInputTokens,
  };
}

function failure(error: NonNullable<GeminiResponse["error"]>): TuttiError {
  const { status, message = "the server failed" } = error;
  const text = status === undefined ? message : `${status}: ${message}`;
  return new TuttiError("model-failed", text, { cause: error });
}
