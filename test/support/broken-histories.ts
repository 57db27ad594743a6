/**
 * Histories as they break in the field: cut by compaction, doubled by a retried write, reordered by a store, with results
 * lost, moved or answered twice. One arbitrary for all protocols: a history is a list of JSON messages, each with at most one list of
 * pieces in it.
 */
import fc from "fast-check";

/** A message of any protocol. */
export type Json = Record<string, unknown>;

/** Where a protocol keeps what a history breaks in. */
export interface BreakableParts {
  /** The field of a message that holds a list of pieces. */
  readonly pieces: string;
  /** The fields of a message or piece that hold a call's id. */
  readonly ids: readonly string[];
  /** The ids that are the client's to get wrong. */
  readonly own: RegExp;
  /** A message of the user. */
  readonly user: Json;
}

/** Where something happens to a history: numbers that choose among what there is. */
interface Where {
  readonly a: number;
  readonly b: number;
  readonly parts: BreakableParts;
}

const BREAKAGES = {
  /** A message is lost. */
  lose: (history: Json[], { a }: Where) => void history.splice(a % history.length, 1),
  /** A message is stored twice. */
  double: (history: Json[], { a }: Where) => {
    const at = a % history.length;
    history.splice(at, 0, structuredClone(history[at] as Json));
  },
  /** A message is stored elsewhere. */
  move: (history: Json[], { a, b }: Where) => {
    const [message] = history.splice(a % history.length, 1);
    history.splice(b % (history.length + 1), 0, message as Json);
  },
  /** The beginning is cut off. */
  forget: (history: Json[], { a }: Where) => void history.splice(0, a % history.length),
  /** The end is cut off. */
  stop: (history: Json[], { a }: Where) => void history.splice(1 + (a % history.length)),
  /** Somebody speaks in between. */
  interrupt: (history: Json[], { a, parts }: Where) =>
    void history.splice(a % (history.length + 1), 0, structuredClone(parts.user)),
  /** A piece of a message is lost; an empty message is another mistake than those that repair is for. */
  losePiece: (history: Json[], { a, b, parts }: Where) => {
    const list = pieceList(history, a, parts);
    if (list.length > 1) list.splice(b % list.length, 1);
  },
  /** A piece of a message is stored twice. */
  doublePiece: (history: Json[], { a, b, parts }: Where) => {
    const list = pieceList(history, a, parts);
    if (list.length > 0) list.splice(b % list.length, 0, structuredClone(list[b % list.length] as Json));
  },
  /** The pieces of a message change places. */
  reorder: (history: Json[], { a, b, parts }: Where) => {
    const list = pieceList(history, a, parts);
    list.unshift(...list.splice(b % (list.length || 1)));
  },
  /** A message is stored as two. */
  split: (history: Json[], { a, b, parts }: Where) => {
    const list = pieceList(history, a, parts);
    if (list.length < 2) return;
    const at = history.findIndex((message) => message[parts.pieces] === list);
    const rest = list.splice(1 + (b % (list.length - 1)));
    history.splice(at + 1, 0, { ...history[at], [parts.pieces]: rest });
  },
  /** An id becomes that of another call, or an illegal one. */
  confuse: (history: Json[], { a, b, parts }: Where) => {
    const holders = idHolders(history, parts);
    const one = holders[a % (holders.length || 1)];
    const other = holders[b % (holders.length || 1)];
    if (one === undefined || other === undefined) return;
    const id = other.holder[other.field] as string;
    one.holder[one.field] = b % 3 === 0 ? `${id}|fc:${b % 5}` : id;
  },
};

/** One thing that happens to a history. */
type Breakage = { readonly how: keyof typeof BREAKAGES } & Pick<Where, "a" | "b">;

/** A list of things that happen to a history. */
export const breakages: fc.Arbitrary<readonly Breakage[]> = fc.array(
  fc.record({
    how: fc.constantFrom(...(Object.keys(BREAKAGES) as (keyof typeof BREAKAGES)[])),
    a: fc.nat(1000),
    b: fc.nat(1000),
  }),
  { maxLength: 6 },
);

/** The history after all of it has happened. */
export function broken<Message>(
  history: readonly Message[],
  happened: readonly Breakage[],
  parts: BreakableParts,
): Message[] {
  const copy = structuredClone(history) as Json[];
  for (const { how, a, b } of happened) {
    if (copy.length > 0) BREAKAGES[how](copy, { a, b, parts });
  }
  return copy as Message[];
}

function pieceList(history: readonly Json[], a: number, { pieces }: BreakableParts): Json[] {
  const lists = history.map((message) => message[pieces]).filter((list) => Array.isArray(list));
  return (lists[a % (lists.length || 1)] ?? []) as Json[];
}

/** The objects that hold an id, however deep. */
function idHolders(
  value: unknown,
  parts: BreakableParts,
): { readonly holder: Json; readonly field: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    typeof inner === "string" && parts.ids.includes(field) && parts.own.test(inner)
      ? [{ holder: value as Json, field }]
      : idHolders(inner, parts),
  );
}
