/**
 * What a call will touch whose input is not whole yet: as much as can be told before the values are there that it refers to.
 *
 * Calls behind it must not overtake it (G3), so it stands in line for all that it might touch. Where its effects only put
 * an unknown value into a path, that is the path up to there: `customer/$1.id` is somewhere in `customer`. Where they cannot do
 * without the value, it is everything. When the values are there, what it stands in line for is narrowed; should they lead
 * elsewhere, the call fails. (Calvin, SIGMOD 2012, §3.2.1, foresees the locks of dependent transactions likewise.)
 */
import { resolveEffects, type ResolvedEffects } from "./effects.ts";
import { replaceReferences, type Grammar } from "./reference.ts";
import type { Path } from "./resource.ts";
import type { Tool } from "./tool.ts";

/** Stands for a value; survives what is done to a path: case, `encodeURIComponent`, normalisation. */
const UNKNOWN = "not-known-yet-q7x2k9w4";

const EVERYTHING: ResolvedEffects = { reads: [], writes: [[]], commutes: [] };

/** The least that surely covers a call's effects, unless these do more with a value than to put it into a path. */
export function expectedEffects(tool: Tool, input: unknown, grammar: Grammar): ResolvedEffects {
  if (typeof tool.effects === "string") return resolveEffects(tool.effects, input as never);
  try {
    const masked = replaceReferences(input, grammar, () => UNKNOWN);
    const { reads, writes, commutes } = resolveEffects(tool.effects, masked as never);
    return { reads: reads.map(knownPart), writes: writes.map(knownPart), commutes: commutes.map(knownPart) };
  } catch {
    return EVERYTHING;
  }
}

function knownPart(path: Path): Path {
  const end = path.findIndex((segment) => segment.toLowerCase().includes(UNKNOWN));
  return end < 0 ? path : path.slice(0, end);
}
