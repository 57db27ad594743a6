/**
 * What a call will touch whose input is not whole yet: as much as can be told before the values are there that it refers to.
 *
 * Calls behind it must not overtake it (G3), so it stands in line for all that it might touch. Its effects are worked out with
 * several values in place of each that is not there: what is the same with all of them is known. Where they only put the value into
 * a path, that is the path up to there: `customer/$1.id` is somewhere in `customer`. Where they cannot do without it, it is
 * everything. When the values are there, what it stands in line for is narrowed; should they lead elsewhere, the call fails.
 * (Calvin, SIGMOD 2012, §3.2.1, foresees the locks of dependent transactions likewise.)
 */
import { resolveEffects, type ResolvedEffects } from "./effects.ts";
import { replaceReferences, type Grammar } from "./reference.ts";
import type { Path } from "./resource.ts";
import { dropRejection } from "./thrown.ts";
import type { Tool } from "./tool.ts";

/**
 * Values that lead as far as values do: names, and absolute paths, which lead out of the folder that a name is in. Those of a pair
 * have no part in common, so whatever a path has of the value differs.
 */
const PAIRS = [
  ["not-known-yet", "7x2k9w4"],
  ["/not-known-yet", "/7x2k9w4"],
] as const;

/** What is left in a path of a value that has no such field, or is no number. */
const MISSING = /undefined|NaN/;

const EVERYTHING: ResolvedEffects = { reads: [], writes: [[]], commutes: [] };

/** The least that surely covers a call's effects, unless these do more with a value than to put it into a path. */
export function expectedEffects(tool: Tool, input: unknown, grammar: Grammar): ResolvedEffects {
  if (typeof tool.effects === "string") return resolveEffects(tool.effects, input as never);
  const check = withoutWaiting(tool);
  const effectsWith = (value: string) =>
    resolveEffects(tool.effects, check(replaceReferences(input, grammar, () => value)) as never);
  try {
    const pairs = PAIRS.map(([one, other]) => [effectsWith(one), effectsWith(other)] as const);
    const known = (list: keyof ResolvedEffects) => pairs.flatMap(([a, b]) => inCommon(a[list], b[list]));
    return { reads: known("reads"), writes: known("writes"), commutes: known("commutes") };
  } catch {
    return EVERYTHING;
  }
}

/** The input as the tool's check makes it, with its defaults; as it is where the check refuses the values, or takes its time. */
function withoutWaiting(tool: Tool): (input: unknown) => unknown {
  let isSlow = false;
  return (input) => {
    if (isSlow) return input;
    const result = tool.checkInput(input);
    dropRejection(result);
    isSlow = result instanceof Promise;
    return !(result instanceof Promise) && result.ok ? result.value : input;
  };
}

/** The paths as far as they are the same. */
function inCommon(some: readonly Path[], others: readonly Path[]): Path[] {
  if (some.length !== others.length) throw new Error("how many they are depends on a value");
  return some.map((path, i) => {
    const other = others[i] as Path;
    const end = path.findIndex((segment, at) => segment !== other[at] || MISSING.test(segment));
    return end < 0 ? path : path.slice(0, end);
  });
}
