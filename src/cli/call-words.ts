/** Calls in a few words. */
import type { Call } from "../core/call.ts";
import { toText } from "../results/text.ts";
import { subjectOf } from "../trace/labels.ts";
import { clip, oneLine } from "./format.ts";

type Said = Pick<Call, "name" | "input">;

const MAX_INPUT = 48;

/** A call as one would write it: its tool, and the values of its input as far as there is room. */
export function describeCall({ name, input }: Said): string {
  const text = oneLine(valuesOf(input).map(wordOf).join(", "));
  return `${oneLine(name)}(${clip(text, MAX_INPUT)})`;
}

/** A call as the label of a row: its tool, and what it is about. */
export function labelOf(call: Said): string {
  return oneLine(`${call.name} ${subjectOf(call)}`).trim();
}

function valuesOf(input: unknown): unknown[] {
  const values = typeof input === "object" && input !== null ? Object.values(input) : [input];
  return values.filter((value) => value !== undefined);
}

/** A call that a tool makes may be given anything, not only what JSON can say. */
function wordOf(value: unknown): string {
  return typeof value === "string" ? value : toText(value);
}
