/** What a tool touches: declared once per tool, resolved to resource paths once per call (contract §3). */
import { parseResource, type Path, type Resource } from "./resource.ts";

/** The resources that one call reads and writes. */
export interface Footprint {
  readonly reads?: readonly Resource[] | undefined;
  readonly writes?: readonly Resource[] | undefined;
}

/**
 * What a tool touches.
 *
 * - `"none"`: nothing shared; may overlap anything.
 * - `"read"`: reads the world; overlaps other reads, ordered against writes.
 * - `"write"`: changes the world; overlaps nothing but `"none"`.
 * - a function of the validated input: just these resources. It must be synchronous and pure; if it throws or returns
 *   anything else, the call fails with `invalid-effects` and never runs.
 */
export type Effects<Input> = "none" | "read" | "write" | { fn(input: Input): Footprint }["fn"];

/** A call's resources, parsed. */
export interface ResolvedEffects {
  readonly reads: readonly Path[];
  readonly writes: readonly Path[];
}

const ROOT: Path = [];
const NOTHING: readonly Path[] = [];

/** The resolved form of the words; one object each, so that a call with static effects costs nothing. */
export const STATIC_EFFECTS: Readonly<Record<"none" | "read" | "write", ResolvedEffects>> = {
  none: { reads: NOTHING, writes: NOTHING },
  read: { reads: [ROOT], writes: NOTHING },
  write: { reads: NOTHING, writes: [ROOT] },
};

/**
 * Resolves a tool's effects for one input.
 *
 * @throws whatever the tool's function throws, or a TypeError that says what it returned instead of resources
 */
export function resolveEffects<Input>(effects: Effects<Input>, input: Input): ResolvedEffects {
  if (typeof effects === "string") return STATIC_EFFECTS[effects];
  const footprint: unknown = effects(input);
  // What an async function throws has no other taker.
  if (footprint instanceof Promise) footprint.catch(() => {});
  if (!isFootprint(footprint)) {
    throw new TypeError(`\`effects\` must return { reads, writes }, got ${describe(footprint)}`);
  }
  const { reads, writes } = footprint as Footprint;
  for (const key in footprint) {
    if (key !== "reads" && key !== "writes") {
      throw new TypeError(`\`effects\` returned \`${key}\`, which is neither \`reads\` nor \`writes\``);
    }
  }
  return { reads: parseList("reads", reads), writes: parseList("writes", writes) };
}

function parseList(field: "reads" | "writes", list: unknown): readonly Path[] {
  if (list === undefined) return NOTHING;
  if (!Array.isArray(list))
    throw new TypeError(`\`${field}\` must be an array of resources, got ${describe(list)}`);
  return list.map(parseResource);
}

/** Whether it is an object with `reads` or `writes`, or a plain one that says that nothing is touched. */
function isFootprint(value: unknown): value is Footprint & Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  if ("reads" in value || "writes" in value) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Promise) return "a promise";
  return Array.isArray(value) ? "an array" : typeof value;
}
