/** What a tool touches: declared once per tool, resolved to resource paths once per call (contract §3). */
import { covers, formatPath, overlaps, parseResource, type Path, type Resource } from "./resource.ts";
import { dropRejection } from "./thrown.ts";

/** The resources that one call reads and writes. */
export interface Footprint {
  readonly reads?: readonly Resource[] | undefined;
  readonly writes?: readonly Resource[] | undefined;
  /**
   * What it writes in such a way that calls which list the same here may come in any order, or overlap: counters that only go
   * up, logs that are only added to. Against `reads` and `writes` it counts as written.
   */
  readonly commutes?: readonly Resource[] | undefined;
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
  readonly commutes: readonly Path[];
}

const ROOT: Path = [];
const NOTHING: readonly Path[] = [];

/** The resolved form of the words; one object each, so that a call with static effects costs nothing. */
export const STATIC_EFFECTS: Readonly<Record<"none" | "read" | "write", ResolvedEffects>> = {
  none: { reads: NOTHING, writes: NOTHING, commutes: NOTHING },
  read: { reads: [ROOT], writes: NOTHING, commutes: NOTHING },
  write: { reads: NOTHING, writes: [ROOT], commutes: NOTHING },
};

/**
 * Resolves a tool's effects for one input.
 *
 * @throws whatever the tool's function throws, or a TypeError that says what it returned instead of resources
 */
export function resolveEffects<Input>(effects: Effects<Input>, input: Input): ResolvedEffects {
  if (typeof effects === "string") return STATIC_EFFECTS[effects];
  const footprint: unknown = effects(input);
  dropRejection(footprint);
  if (!isFootprint(footprint)) {
    throw new TypeError(`\`effects\` must return { reads, writes, commutes }, got ${describe(footprint)}`);
  }
  const { reads, writes, commutes } = footprint as Footprint;
  for (const key in footprint) {
    if (key !== "reads" && key !== "writes" && key !== "commutes") {
      throw new TypeError(
        `\`effects\` returned \`${key}\`, which is none of \`reads\`, \`writes\` and \`commutes\``,
      );
    }
  }
  return {
    reads: parseList("reads", reads),
    writes: parseList("writes", writes),
    commutes: parseList("commutes", commutes),
  };
}

/** Everything that is written. */
export function writtenBy({ writes, commutes }: ResolvedEffects): readonly Path[] {
  return commutes.length === 0 ? writes : [...writes, ...commutes];
}

/** Whether two calls must keep their order: one writes what the other touches, and they do not commute there. */
export function conflict(a: ResolvedEffects, b: ResolvedEffects): boolean {
  return (
    meet(a.writes, [...b.reads, ...b.writes, ...b.commutes]) ||
    meet(a.commutes, [...b.reads, ...b.writes]) ||
    meet(a.reads, [...b.writes, ...b.commutes])
  );
}

/** What of `inner` is not covered by `outer`, in words; undefined if all of it is. */
export function beyond(outer: ResolvedEffects, inner: ResolvedEffects): string | undefined {
  const missing = (paths: readonly Path[], of: readonly Path[]) =>
    paths.find((path) => !of.some((covering) => covers(covering, path)));
  const write =
    missing(inner.writes, outer.writes) ?? missing(inner.commutes, [...outer.writes, ...outer.commutes]);
  if (write !== undefined) return `writes ${formatPath(write)}`;
  const read = missing(inner.reads, [...outer.reads, ...outer.writes]);
  return read && `reads ${formatPath(read)}`;
}

function meet(some: readonly Path[], others: readonly Path[]): boolean {
  return some.some((path) => others.some((other) => overlaps(path, other)));
}

function parseList(field: keyof Footprint, list: unknown): readonly Path[] {
  if (list === undefined) return NOTHING;
  if (!Array.isArray(list))
    throw new TypeError(`\`${field}\` must be an array of resources, got ${describe(list)}`);
  return list.map(parseResource);
}

/** Whether it is an object with some of the lists, or a plain one that says that nothing is touched. */
function isFootprint(value: unknown): value is Footprint & Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  if ("reads" in value || "writes" in value || "commutes" in value) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Promise) return "a promise";
  return Array.isArray(value) ? "an array" : typeof value;
}
