/** A result that is over its share of the budget, cut to it. */
import type { ErrorOutcome, Outcome } from "../core/outcome.ts";
import type { EncodedResult, ImagePart, ResultPart } from "../core/result.ts";
import { characterBoundary } from "./boundary.ts";
import { ShownDocument, toDocument, type NoteLength } from "./document.ts";
import { errorPart } from "./encode.ts";
import { fit, type Budget, type Showable } from "./fit.ts";
import type { Keeper } from "./keeper.ts";
import { cutNote, imageNote, READER, SHORTEST_NOTE, type Whereabouts } from "./note.ts";
import { answerIn } from "./page.ts";
import { imageId, resultId } from "./result-id.ts";

/** What a result is cut with. */
export interface CutOptions extends Budget {
  readonly keeper: Keeper;
  /** Whether there is the tool that reads what is kept; its own answers are not kept again. */
  readonly isReadable: boolean;
  /** Whether an image that is left out can be looked at later: whether one fits a result at all. */
  readonly imagesFit: boolean;
}

const NOT_KEPT: Whereabouts = { kind: "not-kept" };

/** What is to be cut: an outcome, and the whole result of it. */
export interface Cuttable {
  readonly outcome: Outcome;
  readonly result: EncodedResult;
}

/**
 * Cuts a result to `tokens`, and keeps the whole of it. What is shown has a note of the rest; where there is no room for the note
 * it is `[cut]`, and that stands there even if it is over the budget, since a result is never empty.
 */
export async function cutResult({ outcome, result }: Cuttable, options: CutOptions): Promise<EncodedResult> {
  const { isError } = result;
  if (outcome.status !== "ok") return { isError, parts: await cutError(outcome, options) };
  const answer = options.isReadable && outcome.call.name === READER ? answerOf(result) : undefined;
  const parts = answer === undefined ? await cutParts(result.parts, options) : fit(answer, options);
  return { isError, parts: parts ?? shorter(result.parts, options) };
}

async function cutParts(
  parts: readonly ResultPart[],
  options: CutOptions,
): Promise<readonly ResultPart[] | undefined> {
  const { keeper, imagesFit } = options;
  const images = parts.filter((part) => part.type === "image");
  const notes = new Map(
    await Promise.all(
      images.map(async (image): Promise<[ImagePart, string]> => {
        const whole = imagesFit ? await keeper.keep(imageId(image.data), image.data) : NOT_KEPT;
        return [image, imageNote(image.mediaType, whole)];
      }),
    ),
  );
  const document = toDocument(parts, (image) => notes.get(image) ?? "");
  const whole = await keeper.keep(resultId(document.text), document.text);
  return fitWithNote((note) => new ShownDocument(document, { ...options, whole, note }), options);
}

/** An error's message is cut, the object around it stays: what it says of effects is worth more than the budget (G7). */
async function cutError({ error }: ErrorOutcome, options: CutOptions): Promise<readonly ResultPart[]> {
  const message = error.message.toWellFormed();
  const total = message.length;
  const whole = await options.keeper.keep(resultId(message), message);
  const shown = (note: NoteLength): Showable => ({
    size: total,
    show(amount) {
      const end = characterBoundary(message, amount);
      if (end === total) return [errorPart(error, message)];
      const cut = note === "full" ? cutNote({ shown: end, total }, whole) : SHORTEST_NOTE;
      return [errorPart(error, end === 0 ? cut : `${message.slice(0, end)} ${cut}`)];
    },
  });
  return fitWithNote(shown, options) ?? [shorterError(error, message)];
}

/** With the whole note if it fits, else with the shortest. */
function fitWithNote(
  shown: (note: NoteLength) => Showable,
  budget: Budget,
): readonly ResultPart[] | undefined {
  return fit(shown("full"), budget) ?? fit(shown("shortest"), budget);
}

function answerOf({ parts }: EncodedResult) {
  const [part] = parts;
  return parts.length === 1 && part?.type === "text" ? answerIn(part.text) : undefined;
}

/** The shortest there is: the note, unless the result is shorter still. */
function shorter(parts: readonly ResultPart[], { meter }: Budget): readonly ResultPart[] {
  const note: ResultPart = { type: "text", text: SHORTEST_NOTE };
  return meter.parts(parts) <= meter.text(SHORTEST_NOTE) ? parts : [note];
}

function shorterError(error: ErrorOutcome["error"], message: string): ResultPart {
  return errorPart(error, message.length <= SHORTEST_NOTE.length ? message : SHORTEST_NOTE);
}
