/** Calls of the provider's own tools: behind one that is pending only results may stand, and a result needs its call. */
import type { PlacedPiece } from "../history-shape.ts";
import type { AnthropicBlock } from "./protocol.ts";
import { isServerCall } from "./turn.ts";

/**
 * The pieces without server calls that are pending where they may not be, and without server results whose call is gone;
 * the same list if there are none. "`web_search` tool use with id … was found without a corresponding
 * `web_search_tool_result` block": the model is better left to ask for it again.
 */
export function withoutPending(
  pieces: readonly PlacedPiece[],
  next: "model" | "user",
): readonly PlacedPiece[] {
  const called = new Set<unknown>();
  const runs = runsOf(pieces);
  const kept = runs.flatMap((run, i) => {
    if (run[0]?.side === "user") return run;
    const isLast = runs.length <= i + 2;
    const behind = runs[i + 1] ?? [];
    const mayPend = behind.every(({ kind }) => kind === "result") && !(isLast && next === "user");
    return prune(run, { mayPend, called });
  });
  return kept.length === pieces.length ? pieces : kept;
}

/** The pieces of each side until the other's next. */
function runsOf(pieces: readonly PlacedPiece[]): PlacedPiece[][] {
  const runs: PlacedPiece[][] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    if (run?.[0]?.side === piece.side) run.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

function prune(
  run: readonly PlacedPiece[],
  { mayPend, called }: { readonly mayPend: boolean; readonly called: Set<unknown> },
): readonly PlacedPiece[] {
  const answered = new Set(run.map(answeredId));
  const kept = run.filter((piece) => {
    const block = piece.value as AnthropicBlock;
    if (!isServerCall(block)) return answeredId(piece) === undefined || called.has(answeredId(piece));
    if (!mayPend && !answered.has(block.id)) return false;
    called.add(block.id);
    return true;
  });
  return kept.length === run.length || kept.some(isSaid) ? kept : [];
}

/** The server call that a piece answers. */
function answeredId({ kind, value }: PlacedPiece): unknown {
  const { type, tool_use_id } = value as AnthropicBlock & { readonly tool_use_id?: unknown };
  return kind === "other" && type.endsWith("_tool_result") ? tool_use_id : undefined;
}

/** A message of nothing but thinking says nothing. */
function isSaid({ value }: PlacedPiece): boolean {
  const { type } = value as AnthropicBlock;
  return type !== "thinking" && type !== "redacted_thinking";
}
