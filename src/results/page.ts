/**
 * What `read_result` answers: a page of a kept text, or where something stands in it. Both are texts that end with a line on
 * where they are, so that a batch without room for all of one can show less of it, and still say how to read on.
 */
import type { TextPart } from "../core/result.ts";
import { characterBoundary, pairBoundary, readableBoundary } from "./boundary.ts";
import type { Showable } from "./fit.ts";

/** Matches in one answer. */
const MAX_MATCHES = 20;
/** Characters of the text shown before and behind the start of a match. */
const BEFORE = 80;
const BEHIND = 160;

/** A page of a text, or matches in it. */
export interface Answer extends Showable {
  show(amount: number): readonly [TextPart];
}

/** Where a page begins, and its size in characters. */
export interface PagePlace {
  readonly offset: number;
  readonly limit: number;
}

/** A page of a text. However little of it is shown, it is a character. */
export function pageOf(text: string, { offset, limit }: PagePlace): Answer {
  const start = pairBoundary(text, offset);
  // A little more than the limit, to see whether a character goes on behind it.
  const rest = text.slice(start, start + limit + BEFORE);
  const body = rest.slice(0, Math.max(characterBoundary(rest, limit), firstEnd(rest)));
  return page({ body, start, total: text.length });
}

/** Where a text holds another, in upper or lower case, from an offset on. */
export function matchesOf(text: string, find: string, offset: number): Answer {
  const lines: string[] = [];
  let total = 0;
  let next: number | undefined;
  for (const { index } of text.matchAll(anyCase(find))) {
    if (index < offset) continue;
    total++;
    if (lines.length < MAX_MATCHES) lines.push(`${index}: ${JSON.stringify(around(text, index))}`);
    else next ??= index;
  }
  return matches({ lines, from: offset, total, next });
}

/** An answer, read again from its text; undefined if it is none. */
export function answerIn(text: string): Answer | undefined {
  const end = text.lastIndexOf("\n[");
  const body = end < 0 ? "" : text.slice(0, end);
  const footer = text.slice(end + 1);
  const [, from, to, all] = /^\[characters (\d+) to (\d+) of (\d+)[,;]/.exec(footer) ?? [];
  if (from !== undefined && body.length === Number(to) - Number(from)) {
    return page({ body, start: Number(from), total: Number(all) });
  }
  const [, total, first, next] =
    /^\[\d+ of (\d+) matches from offset (\d+) on(?:; call again with offset (\d+) for more)?\]$/.exec(
      footer,
    ) ?? [];
  if (total === undefined) return undefined;
  return matches({
    lines: body === "" ? [] : body.split("\n"),
    from: Number(first),
    total: Number(total),
    next: next === undefined ? undefined : Number(next),
  });
}

function page({ body, start, total }: { body: string; start: number; total: number }): Answer {
  return {
    size: body.length,
    show(amount) {
      const length =
        amount >= body.length ? body.length : Math.max(readableBoundary(body, amount), firstEnd(body));
      const end = start + length;
      const more = end < total ? `; call again with offset ${end} to read on` : ", the end";
      return answer(body.slice(0, length), `[characters ${start} to ${end} of ${total}${more}]`);
    },
  };
}

interface Matches {
  /** Each begins with its offset. */
  readonly lines: readonly string[];
  /** Where the search began, and how many matches there are from there on. */
  readonly from: number;
  readonly total: number;
  /** The offset of the first one that is not among the lines. */
  readonly next: number | undefined;
}

function matches({ lines, from, total, next }: Matches): Answer {
  return {
    size: lines.length,
    show(amount) {
      const shown = lines.slice(0, amount);
      const after = amount < lines.length ? parseInt(lines[amount] as string, 10) : next;
      const more = after === undefined ? "" : `; call again with offset ${after} for more`;
      return answer(shown.join("\n"), `[${shown.length} of ${total} matches from offset ${from} on${more}]`);
    },
  };
}

function answer(body: string, footer: string): readonly [TextPart] {
  return [{ type: "text", text: body === "" ? footer : `${body}\n${footer}` }];
}

/** The end of the first code point. */
function firstEnd(text: string): number {
  return pairBoundary(text, 1) === 0 ? Math.min(2, text.length) : 1;
}

function around(text: string, index: number): string {
  return text.slice(characterBoundary(text, index - BEFORE), characterBoundary(text, index + BEHIND));
}

/** Folds case as Unicode does, character by character, so that offsets stay those of the text. */
function anyCase(find: string): RegExp {
  return new RegExp(find.toWellFormed().replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
}
