/**
 * Serial order: the model's order, moved only where `after` says so (contract §4). It is a stable topological sort; ties
 * go by index.
 */
import { PriorityQueue } from "./priority-queue.ts";

/** A call, as far as its place in serial order goes. */
export interface Ordered {
  readonly name: string;
  readonly index: number;
  /** The tools whose calls come first. */
  readonly after: readonly string[];
}

/**
 * The calls of a batch in serial order. Tools that wait for each other are refused before (`findCycle`), so every call
 * gets its place.
 */
export function serialOrder<Item extends Ordered>(calls: readonly Item[]): Item[] {
  if (calls.every((call) => call.after.length === 0)) return [...calls];
  const left = new Map<string, number>();
  for (const { name } of calls) left.set(name, (left.get(name) ?? 0) + 1);
  const waiting = new Map<string, Place<Item>[]>();
  const free = new PriorityQueue<Place<Item>>();
  for (const call of calls) {
    const before = call.after.filter((name) => left.has(name));
    const place = { seq: call.index, call, blockers: before.length };
    for (const name of before) appendTo(waiting, name, place);
    if (before.length === 0) free.push(place);
  }
  const order: Item[] = [];
  for (let place = free.pop(); place !== undefined; place = free.pop()) {
    const { name } = place.call;
    order.push(place.call);
    const others = (left.get(name) ?? 0) - 1;
    left.set(name, others);
    if (others > 0) continue;
    for (const freed of waiting.get(name) ?? []) if (--freed.blockers === 0) free.push(freed);
  }
  return order;
}

/** The first cycle among tools that wait for each other, as names from a tool back to itself. */
export function findCycle(tools: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(name);
    if (start >= 0) return [...path.slice(start), name];
    if (done.has(name)) return undefined;
    for (const before of tools.get(name) ?? []) {
      const cycle = visit(before, [...path, name]);
      if (cycle !== undefined) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of tools.keys()) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

interface Place<Item> {
  readonly seq: number;
  readonly call: Item;
  blockers: number;
}

function appendTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
