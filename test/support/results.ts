/** Outcomes whose results are large, of every kind, and what tests look for in cut results. */
import fc from "fast-check";
import type { Outcome } from "../../src/core/outcome.ts";
import type { EncodedResult } from "../../src/core/result.ts";
import { notOk, ok } from "./outcomes.ts";

/** An image that a tool may return. */
export const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUg==", "base64");

const line = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.lorem({ maxCount: 12 }),
);

/** A text of up to some thousand characters. */
export const longText = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 40 }))
  .map(([lines, times]) => Array(times).fill(lines.join("\n")).join("\n"));

/** A value that is written as JSON of up to some thousand characters. */
export const largeValue = fc.oneof(
  fc
    .tuple(fc.array(fc.jsonValue(), { minLength: 1 }), fc.integer({ min: 1, max: 60 }))
    .map(([items, times]): unknown => Array(times).fill(items).flat()),
  fc.record({ path: fc.string(), text: longText, more: fc.jsonValue() }),
);

/** A single-part output. */
export const plainOutput = fc.oneof(longText, largeValue, fc.constant("ok"), fc.constant(undefined));

/** An output in parts, images among them. */
const mixedOutput = fc.array(fc.oneof(longText, fc.constant(PNG), largeValue), { maxLength: 6 });

const error = fc
  .tuple(longText, fc.boolean(), fc.boolean())
  .map(([message, retryable, mayHaveTakenEffect]) =>
    notOk("failed", { message, retryable, mayHaveTakenEffect }),
  );

/** Any outcome. */
export const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: plainOutput.map(ok) },
  { weight: 2, arbitrary: mixedOutput.map(ok) },
  { weight: 1, arbitrary: error },
);

/** The texts of a result, joined. */
export function textOf({ parts }: EncodedResult): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

/** The id that a cut result names, and how much of it is shown; undefined for one that is whole or names none. */
export function cutOf(result: EncodedResult): { id: string; offset: number; shown: string } | undefined {
  const text = textOf(result);
  const note = /\n?\[cut: [^\n]*? id \\?"(result_[a-z0-9]+)\\?" and offset (\d+) to read on\]/.exec(text);
  if (note === null) return undefined;
  return { id: note[1] as string, offset: Number(note[2]), shown: text.slice(0, note.index) };
}
