/**
 * How a turn is spoken: which piece of which block the model has said when. Pure, so that pacing is tested without a
 * clock and a demo can compute the least time that its turns need. Times are counted from the request.
 *
 * 1. The first block begins at `timeToFirstTokenMs`; from there tokens come evenly, plus each block's pause.
 * 2. A piece never splits a character; the sizes of pieces follow the seed.
 * 3. A call is committed when the next block begins or the stop reason comes, and never in a turn cut off in it (G9).
 */
import type { StopReason } from "../wire/wire.ts";
import type { Block, CallBlock, ScenarioTurn } from "./scenario.ts";
import { createRandom } from "./seed.ts";

/** One moment of a turn. `block` counts from 0. */
export type Beat = { readonly atMs: number } & (
  | { readonly kind: "block-start"; readonly block: number }
  | { readonly kind: "piece"; readonly block: number; readonly text: string }
  | { readonly kind: "block-end"; readonly block: number }
  | { readonly kind: "stop"; readonly stop: StopReason }
);

/** A turn with its times. Without a `stop` at its end it was cut off. */
export interface Timeline {
  readonly blocks: readonly Block[];
  readonly beats: readonly Beat[];
}

/** Characters of a token, by the usual rule of thumb. */
const CHARACTERS_PER_TOKEN = 4;
/** Tokens that a call costs beside its arguments: its name and the syntax around it. */
const CALL_TOKENS = 24;
/** The longest piece of a stream, in characters. */
const LONGEST_PIECE = 24;

/** When a turn says what. The same turn and seed give the same timeline. */
export function planTurn(turn: ScenarioTurn, seed: number): Timeline {
  const random = createRandom(`${seed}/pieces`);
  const msPerToken = 1000 / turn.pacing.tokensPerSecond;
  const beats: Beat[] = [];
  let atMs = turn.pacing.timeToFirstTokenMs;
  for (const [block, content] of turn.blocks.entries()) {
    atMs += content.pauseMs;
    beats.push({ atMs, kind: "block-start", block });
    atMs += overheadOf(content) * msPerToken;
    for (const text of split(spoken(content), random)) {
      atMs += tokensOf(text) * msPerToken;
      beats.push({ atMs, kind: "piece", block, text });
    }
    beats.push({ atMs, kind: "block-end", block });
  }
  beats.push({ atMs, kind: "stop", stop: turn.stop });
  return { blocks: turn.blocks, beats };
}

/** The timeline up to the middle of a block: what arrives if the connection breaks there. */
export function cutInBlock(timeline: Timeline, block: number): Timeline {
  const start = timeline.beats.findIndex((beat) => beat.kind === "block-start" && beat.block === block);
  const pieces = timeline.beats.filter((beat) => beat.kind === "piece" && beat.block === block).length;
  return { blocks: timeline.blocks, beats: timeline.beats.slice(0, start + 1 + Math.floor(pieces / 2)) };
}

/** The timeline of a turn whose token limit ends it in the middle of a block. A provider ends that block all the same. */
export function limitInBlock(timeline: Timeline, block: number): Timeline {
  const { blocks, beats } = cutInBlock(timeline, block);
  const atMs = beats.at(-1)?.atMs ?? 0;
  return {
    blocks,
    beats: [...beats, { atMs, kind: "block-end", block }, { atMs, kind: "stop", stop: "truncated" }],
  };
}

/** When the client can know each call to be whole, at the earliest. A call that is never committed is left out. */
export function commitTimes(timeline: Timeline): { readonly call: CallBlock; readonly atMs: number }[] {
  const commits: { readonly call: CallBlock; readonly atMs: number }[] = [];
  for (const [index, call] of timeline.blocks.entries()) {
    if (call.kind !== "call") continue;
    const next = timeline.beats.find(
      (beat) =>
        (beat.kind === "block-start" && beat.block === index + 1) ||
        (beat.kind === "stop" && beat.stop !== "truncated"),
    );
    if (next !== undefined) commits.push({ call, atMs: next.atMs });
  }
  return commits;
}

/** When the last event of the stream is sent. */
export function endOf(timeline: Timeline): number {
  return timeline.beats.at(-1)?.atMs ?? 0;
}

/** The text of a block as far as it was said: for a call its arguments, as JSON. */
export function saidOf(timeline: Timeline, block: number): string {
  return timeline.beats
    .map((beat) => (beat.kind === "piece" && beat.block === block ? beat.text : ""))
    .join("");
}

/** Whether a block was said to its end. */
export function isWhole(timeline: Timeline, block: number): boolean {
  const content = timeline.blocks[block];
  return content !== undefined && saidOf(timeline, block) === spoken(content);
}

/** The tokens of what was said. */
export function outputTokens(timeline: Timeline): number {
  let tokens = 0;
  for (const beat of timeline.beats) {
    if (beat.kind === "block-start") tokens += overheadOf(timeline.blocks[beat.block]);
    else if (beat.kind === "piece") tokens += tokensOf(beat.text);
  }
  return Math.ceil(tokens);
}

/** How many tokens a text has, about. */
export function estimateTokens(text: string): number {
  return Math.ceil(tokensOf(text));
}

function tokensOf(text: string): number {
  return text.length / CHARACTERS_PER_TOKEN;
}

function overheadOf(block: Block | undefined): number {
  return block?.kind === "call" || block?.kind === "server-call" ? CALL_TOKENS : 0;
}

/** What the model says of a block token by token. A server's result is not said: it comes whole. */
function spoken(block: Block): string {
  switch (block.kind) {
    case "thinking":
    case "text":
      return block.text;
    case "call":
    case "server-call":
      return JSON.stringify(block.input);
    case "server-result":
      return "";
  }
}

function split(text: string, random: () => number): string[] {
  const pieces: string[] = [];
  const characters = Array.from(text);
  while (characters.length > 0) {
    pieces.push(characters.splice(0, 1 + Math.floor(random() * LONGEST_PIECE)).join(""));
  }
  return pieces;
}
