/** What `checkEffects` has found, in words. */
import { conflict, writtenBy, type ResolvedEffects } from "../../core/effects.ts";
import { formatPath, type Path } from "../../core/resource.ts";
import { contrast } from "./comparable.ts";
import { sampleText, type Sample } from "./samples.ts";
import type { Trial } from "./trials.ts";

/** Something that is wrong with what tools declare. */
export interface EffectsFinding {
  /** What was seen, and what is declared. */
  readonly message: string;
  /** The call, or the two calls, by which it was seen. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
}

/** What `checkEffects` resolves to; as a string it tells everything. */
export class EffectsReport {
  /** Unsafe: calls that may overlap, or change places, and must not. */
  readonly tooWeak: readonly EffectsFinding[];
  /** Slow: calls that wait for each other without need, as far as these samples and states show. */
  readonly tooStrong: readonly EffectsFinding[];
  /** The pairs of calls that were tried. */
  readonly pairs: number;
  /** The different states from which each of them was. */
  readonly states: number;

  constructor(facts: Pick<EffectsReport, "tooWeak" | "tooStrong" | "pairs" | "states">) {
    this.tooWeak = facts.tooWeak;
    this.tooStrong = facts.tooStrong;
    this.pairs = facts.pairs;
    this.states = facts.states;
  }

  toString(): string {
    const tried = `${count(this.pairs, "pair")} of calls, from ${count(this.states, "state")}`;
    if (this.tooWeak.length === 0 && this.tooStrong.length === 0) return `${tried}: nothing found`;
    const found = [...list("too weak: unsafe", this.tooWeak), ...list("too strong: slow", this.tooStrong)];
    return [`${tried}.`, ...found].join("\n");
  }
}

/** A call changes the state and declares no write. */
export function undeclaredWrite(sample: Sample, before: string, after: string): EffectsFinding {
  const [was, is] = contrast(before, after);
  return {
    message: `${sampleText(sample)} writes: the state was ${was}, and is then ${is}. Declared: ${declared(sample)}`,
    calls: [callOf(sample)],
  };
}

/** A call declares a write and never changes the state. */
export function idleWrite(sample: Sample, states: number): EffectsFinding {
  return {
    message: `${sampleText(sample)} may write nothing: it left ${count(states, "state")} as ${states === 1 ? "it was" : "they were"}. Declared: ${declared(sample)}`,
    calls: [callOf(sample)],
  };
}

/** Two calls whose order matters, and what is seen of it from some state. */
export interface Swapped {
  readonly first: Sample;
  readonly second: Sample;
  /** The calls that led to the state. */
  readonly before: readonly Sample[];
  /** In words. */
  readonly difference: string;
}

/** Two calls may change places, and must not. */
export function missingConflict({ first, second, before, difference }: Swapped): EffectsFinding {
  const from =
    before.length === 0
      ? ""
      : ` (once ${before.map(sampleText).join(" and ")} ${before.length === 1 ? "has" : "have"} run)`;
  return {
    message: `${together(first, second)} must conflict: ${difference}${from}. ${declaredBy(first, second)}`,
    calls: [callOf(first), callOf(second)],
  };
}

/** Two calls must not change places by what they declare, and might. */
export function needlessConflict(first: Sample, second: Sample, states: number): EffectsFinding {
  const hint = conflict(commuting(first.effects), commuting(second.effects))
    ? ""
    : "; if it never does, `commutes` in place of `writes` lets them overlap";
  return {
    message: `${together(first, second)} may not have to conflict: their order made no difference from ${count(states, "state")}${hint}. ${declaredBy(first, second)}`,
    calls: [callOf(first), callOf(second)],
  };
}

/** What is different if `second` comes before `first`; undefined if nothing is. */
export function orderDifference(
  [first, second]: readonly [Sample, Sample],
  forth: Trial,
  back: Trial,
): string | undefined {
  const [a, secondLater] = forth.endings.slice(-2);
  const [b, firstLater] = back.endings.slice(-2);
  if (secondLater !== b) return changed(second, [b, secondLater], `after ${nameIn(first, second)}`);
  if (firstLater !== a) return changed(first, [a, firstLater], `after ${nameIn(second, first)}`);
  if (forth.state === back.state) return undefined;
  const [one, other] = contrast(forth.state, back.state);
  return `the state is ${one} in this order, and ${other} in the other`;
}

/** What is different if the two run at once, not one after the other; undefined if nothing is. */
export function overlapDifference(
  [first, second]: readonly [Sample, Sample],
  inTurn: Trial,
  atOnce: Trial,
): string | undefined {
  const [a, b] = inTurn.endings.slice(-2);
  const [overlappingA, overlappingB] = atOnce.endings.slice(-2);
  const when = "while the other ran";
  if (a !== overlappingA) return changed(first, [a, overlappingA], when);
  if (b !== overlappingB) return changed(second, [b, overlappingB], when);
  if (inTurn.state === atOnce.state) return undefined;
  const [one, other] = contrast(inTurn.state, atOnce.state);
  return `the state is ${one} when they run one after the other, and ${other} when they overlap`;
}

function changed({ name }: Sample, endings: readonly (string | undefined)[], when: string): string {
  const [one, other] = contrast(endings[0] as string, endings[1] as string);
  return `${name} ${one}, and ${when} it ${other}`;
}

/** The other call's name; of the same tool it says nothing. */
function nameIn(other: Sample, one: Sample): string {
  return other.name === one.name ? "the other" : other.name;
}

function together(first: Sample, second: Sample): string {
  const [one, other] = [sampleText(first), sampleText(second)];
  return one === other ? `two calls of ${one}` : `${one} and ${other}`;
}

function declaredBy(first: Sample, second: Sample): string {
  const [one, other] = [declared(first), declared(second)];
  return one === other ? `Declared by both: ${one}` : `Declared: ${one}; ${other}`;
}

function declared({ effects }: Sample): string {
  const part = (word: keyof ResolvedEffects) =>
    effects[word].length === 0 ? [] : [`${word} ${paths(effects[word])}`];
  return [...part("reads"), ...part("writes"), ...part("commutes")].join(", ") || "nothing";
}

function paths(list: readonly Path[]): string {
  return list.map(formatPath).join(" and ");
}

function commuting(effects: ResolvedEffects): ResolvedEffects {
  return { reads: effects.reads, writes: [], commutes: writtenBy(effects) };
}

function callOf({ name, input }: Sample): EffectsFinding["calls"][number] {
  return { name, input };
}

/** The first of each pair of tools in full: the others mostly have the same cause. */
function list(what: string, findings: readonly EffectsFinding[]): string[] {
  const groups = Map.groupBy(findings, ({ calls }) => calls.map(({ name }) => name).join(" and "));
  const lines = Array.from(groups.values(), ([first, ...others]) => {
    const more = others.length === 0 ? "" : ` (and ${others.length} more of these tools)`;
    return `  ${first?.message}${more}`;
  });
  return lines.length === 0 ? [] : [what, ...lines];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
