/**
 * Logs of requests say the same again and again: each request repeats the history of the one before and adds to it. Of a
 * conversation that grows only its longest form counts; what the shorter ones know besides, such as tokens, is kept, and so
 * are results as they were read at first: in later requests they may have been cleared.
 */
import type { SessionCall, SessionTurn } from "../session.ts";

/** The conversations of a log, each once. */
export function joinGrowing(histories: ReadonlyArray<readonly SessionTurn[]>): SessionTurn[][] {
  const kept: { turns: SessionTurn[]; keys: readonly string[] }[] = [];
  for (const turns of histories) {
    const keys = turns.map(keyOf);
    const known = kept.findLast((one) => isPrefix(one.keys, keys) || isPrefix(keys, one.keys));
    if (known === undefined) kept.push({ turns: [...turns], keys });
    else {
      const isLonger = known.keys.length < keys.length;
      const [short, long] = isLonger ? [known.turns, turns] : [turns, known.turns];
      // The one that was written down first has what the model read.
      const first = known.turns;
      if (isLonger) known.keys = keys;
      known.turns = long.map((turn, i) => withUsageOf(withResultsOf(turn, first[i]), short[i]));
    }
  }
  return kept.map(({ turns }) => turns).filter((turns) => turns.length > 0);
}

function keyOf({ said, text, calls }: SessionTurn): string {
  return JSON.stringify([said, text, calls.map(({ name, input }) => [name, input])]);
}

/** One without a turn is the beginning of nothing: it would swallow any. */
function isPrefix(short: readonly string[], long: readonly string[]): boolean {
  return short.length > 0 && short.length <= long.length && short.every((key, i) => key === long[i]);
}

function withResultsOf(turn: SessionTurn, first: SessionTurn | undefined): SessionTurn {
  if (first === undefined || first === turn) return turn;
  const calls = turn.calls.map((call, i): SessionCall => {
    const { result, images, isError } = first.calls[i] ?? call;
    return result === undefined ? call : { ...call, result, images, isError };
  });
  return { ...turn, calls };
}

function withUsageOf(turn: SessionTurn, other: SessionTurn | undefined): SessionTurn {
  if (other?.inputTokens === undefined || turn.inputTokens !== undefined) return turn;
  const { inputTokens, cachedInputTokens, outputTokens } = other;
  return { ...turn, inputTokens, cachedInputTokens, outputTokens };
}
