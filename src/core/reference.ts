/**
 * References: where the model wrote `"$2.city.name"` it means the value at `city.name` of what call 2 returned (contract §4).
 *
 * Only what the model wrote is read so, once: what a reference stands for is put in as it is, whatever it looks like.
 */

/** Whether references are read; `"template"` also reads those inside a longer text. */
export type ReferenceMode = "exact" | "template";

/** What a reference names: a call, and where in its output. */
export interface Reference {
  /** As it was written: `$2.city.name`. */
  readonly text: string;
  /** The number of the call, or the id of a node of a plan. */
  readonly call: string;
  readonly path: readonly string[];
}

/** Which references there can be in an input. */
export interface Grammar {
  readonly mode: ReferenceMode;
  /** What calls are called: by their number in the turn, or in a plan by any name; of a text's inside only by those there are. */
  readonly names: "numbers" | ReadonlySet<string>;
}

const WORD = String.raw`[\p{L}\p{N}_-]+`;
const SEGMENT = String.raw`\.${WORD}|\[\d+\]|\["(?:[^"\\]|\\.)*"\]`;
const EXACT = new RegExp(`^\\$(\\$?)(${WORD})((?:${SEGMENT})*)$`, "u");
const WHOLE_WORD = new RegExp(`^${WORD}$`, "u");
const INSIDE = new RegExp(`\\$(\\$?)(${WORD})((?:${SEGMENT})*)`, "gu");
const SEGMENTS = new RegExp(SEGMENT, "gu");

/** Deeper than any model writes; what lies below is left as it is. */
const MAX_DEPTH = 100;

/** Whether a text can be the name of a call. */
export function isWord(text: string): boolean {
  return WHOLE_WORD.test(text);
}

/** The references in an input. */
export function findReferences(input: unknown, grammar: Grammar): Reference[] {
  const found: Reference[] = [];
  replaceReferences(input, grammar, (reference) => {
    found.push(reference);
    return "";
  });
  return found;
}

/**
 * The input with a value in the place of each reference. A text with two dollars, such as `$$5`, stands for itself with one.
 * What has neither is not copied.
 */
export function replaceReferences(
  input: unknown,
  grammar: Grammar,
  valueOf: (reference: Reference) => unknown,
): unknown {
  return replaceIn(input, { replace: (text) => replaceInText(text, grammar, valueOf), done: new Map() }, 0);
}

/** One walk through an input. */
interface Walk {
  readonly replace: (text: string) => unknown;
  /** What has become of its objects: an input that is not from JSON may hold one often, or itself. */
  readonly done: Map<object, unknown>;
}

function replaceIn(value: unknown, walk: Walk, depth: number): unknown {
  if (typeof value === "string") return value.includes("$") ? walk.replace(value) : value;
  if (typeof value !== "object" || value === null || depth === MAX_DEPTH) return value;
  if (walk.done.has(value)) return walk.done.get(value);
  walk.done.set(value, value);
  const replaced = Array.isArray(value)
    ? replaceInList(value, walk, depth)
    : replaceInObject(value, walk, depth);
  walk.done.set(value, replaced);
  return replaced;
}

function replaceInList(list: readonly unknown[], walk: Walk, depth: number): unknown {
  const items = list.map((item) => replaceIn(item, walk, depth + 1));
  return items.every((item, i) => Object.is(item, list[i])) ? list : items;
}

function replaceInObject(value: object, walk: Walk, depth: number): unknown {
  const entries = Object.entries(value);
  const replaced = entries.map(([key, item]) => [key, replaceIn(item, walk, depth + 1)] as const);
  // `fromEntries` makes `__proto__` a key like others.
  return entries.every(([, item], i) => Object.is(item, replaced[i]?.[1]))
    ? value
    : Object.fromEntries(replaced);
}

function replaceInText(text: string, grammar: Grammar, valueOf: (reference: Reference) => unknown): unknown {
  const exact = EXACT.exec(text);
  if (exact !== null) {
    const reference = toReference(exact);
    if (grammar.names === "numbers" && !isNumber(reference.call)) return text;
    return exact[1] === "$" ? text.slice(1) : valueOf(reference);
  }
  if (grammar.mode === "exact") return text;
  return text.replace(INSIDE, (...match: string[]) => {
    const reference = toReference(match);
    if (!isName(reference.call, grammar)) return match[0] as string;
    return match[1] === "$" ? (match[0] as string).slice(1) : asText(valueOf(reference));
  });
}

function isName(call: string, { names }: Grammar): boolean {
  return names === "numbers" ? isNumber(call) : names.has(call);
}

function isNumber(call: string): boolean {
  return /^\d+$/.test(call);
}

function toReference([text = "", , call = "", path = ""]: readonly string[]): Reference {
  return { text, call, path: [...path.matchAll(SEGMENTS)].map(([segment]) => keyOf(segment)) };
}

/** `.name`, `[0]` or `["any key"]`. */
function keyOf(segment: string): string {
  if (segment.startsWith(".")) return segment.slice(1);
  const inner = segment.slice(1, -1);
  if (!inner.startsWith('"')) return inner;
  try {
    return String(JSON.parse(inner));
  } catch {
    // An escape that JSON does not know: the key as it is written.
    return inner.slice(1, -1);
  }
}

/** A value inside a text. */
function asText(value: unknown): string {
  if (typeof value === "string") return value;
  const json = (_: string, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner);
  return typeof value === "bigint" ? String(value) : (JSON.stringify(value, json) ?? "");
}
