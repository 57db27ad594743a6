/** What a chain of turns cost, over what one turn would have cost. */
import { estimateTokens, IMAGE_TOKENS } from "../results/tokens.ts";
import type { Chain } from "./chains.ts";
import { scalarsIn } from "./scalars.ts";
import type { Session, SessionCall, SessionTurn } from "./session.ts";

/** What would not have been spent. */
export interface Savings {
  readonly roundTrips: number;
  /** What the model read in the turns that would not have been needed, cached or not. */
  readonly inputTokens: number;
  /** The part of `inputTokens` that is known to have come from the provider's cache. */
  readonly cachedInputTokens: number;
  /** The part of `inputTokens` that was not recorded, and is worked out from the texts before the turn. */
  readonly estimatedInputTokens: number;
  /**
   * At most so long: the time in which the model wrote those turns, and that in which their tools would have run beside the
   * others. Undefined where no times are known.
   */
  readonly ms: number | undefined;
}

/** Nothing. */
export const NO_SAVINGS: Savings = Object.freeze({
  roundTrips: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  estimatedInputTokens: 0,
  ms: undefined,
});

/** The tokens of all texts before each turn, estimated when they are asked for, and each text once. */
export class TextTokens {
  readonly #turns: readonly SessionTurn[];
  readonly #sums: number[] = [0];

  constructor({ turns }: Session) {
    this.#turns = turns;
  }

  /** The tokens of what was said, called and answered before a turn, counted from 0. */
  before(at: number): number {
    for (let i = this.#sums.length; i <= at; i++) {
      const turn = this.#turns[i - 1];
      this.#sums.push((this.#sums[i - 1] ?? 0) + (turn === undefined ? 0 : textTokens(turn)));
    }
    return this.#sums[at] ?? 0;
  }
}

/** What the links of a chain cost. */
export function savingsOf(chain: Chain, { turns }: Session, texts: TextTokens): Savings {
  const saved = chain.links.map(({ turn }) => tokensOf(turns, turn, texts));
  const models = chain.links.map(({ turn }) => spanOf(turns[turn]));
  const tools = [chain.head, ...chain.links.map(({ turn }) => turn)].map((turn) => toolMs(turns[turn]));
  const known = tools.filter((ms) => ms !== undefined);
  const overlapMs = known.reduce((sum, ms) => sum + ms, 0) - Math.max(0, ...known);
  const modelMs = models.filter((ms) => ms !== undefined);
  return {
    ...saved.reduce(addSavings, NO_SAVINGS),
    roundTrips: chain.links.length,
    ms: modelMs.length + known.length === 0 ? undefined : modelMs.reduce((sum, ms) => sum + ms, overlapMs),
  };
}

/** Two savings together. */
export function addSavings(a: Savings, b: Savings): Savings {
  return {
    roundTrips: a.roundTrips + b.roundTrips,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    estimatedInputTokens: a.estimatedInputTokens + b.estimatedInputTokens,
    ms: a.ms === undefined ? b.ms : a.ms + (b.ms ?? 0),
  };
}

/** The tokens of a result: estimated, as no log tells them. */
export function resultTokens({ result = "", images }: SessionCall): number {
  return estimateTokens(result) + images * IMAGE_TOKENS;
}

/** How long the tools of a turn took, from the first start to the last end. */
export function toolMs(turn: SessionTurn | undefined): number | undefined {
  const calls = (turn?.calls ?? []).filter(
    ({ startedAt, endedAt }) => startedAt !== undefined && endedAt !== undefined,
  );
  if (calls.length === 0) return undefined;
  const start = Math.min(...calls.map(({ startedAt = 0 }) => startedAt));
  return Math.max(0, Math.max(...calls.map(({ endedAt = 0 }) => endedAt)) - start);
}

/** How long the model took for a turn. */
export function spanOf(turn: SessionTurn | undefined): number | undefined {
  if (turn?.startedAt === undefined || turn.endedAt === undefined) return undefined;
  return Math.max(0, turn.endedAt - turn.startedAt);
}

function tokensOf(turns: readonly SessionTurn[], at: number, texts: TextTokens): Savings {
  const turn = turns[at] as SessionTurn;
  if (turn.inputTokens !== undefined) {
    const { inputTokens, cachedInputTokens = 0 } = turn;
    return { ...NO_SAVINGS, inputTokens, cachedInputTokens };
  }
  const before = texts.before(at);
  return { ...NO_SAVINGS, inputTokens: before, estimatedInputTokens: before };
}

function textTokens({ said, text, calls }: SessionTurn): number {
  const texts = [...said.map((one) => one.text), text, ...calls.flatMap(inputTexts)];
  const tokens = texts.reduce((sum, one) => sum + estimateTokens(one), 0);
  return calls.reduce((sum, call) => sum + resultTokens(call), tokens);
}

function inputTexts({ name, input }: SessionCall): string[] {
  return [name, ...scalarsIn(input).flatMap(({ key, value }) => [key, String(value)])];
}
