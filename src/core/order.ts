/**
 * Serial order: the model's order, moved only where a dependency says so (contract §4). It is a stable topological sort; ties
 * go by index.
 */
import { PriorityQueue } from "./priority-queue.ts";

/** A call, as far as its place in serial order goes. */
export interface Ordered<Self> {
  readonly name: string;
  readonly index: number;
  /** The tools whose calls come first. */
  readonly after: readonly string[];
  /** The calls that come first. */
  readonly before?: readonly Self[] | undefined;
}

/** The calls of a batch in serial order, and those that the model has go round in a circle, each with its circle. */
export interface SerialOrder<Item> {
  readonly ordered: readonly Item[];
  readonly circular: ReadonlyMap<Item, readonly Item[]>;
}

/**
 * Sorts the calls of a batch. Tools that wait for each other are refused before (`findCycle`), so every circle has a call in
 * it that names another: those are `circular`, and stand where the circle is found.
 */
export function serialOrder<Item extends Ordered<Item>>(calls: readonly Item[]): SerialOrder<Item> {
  if (calls.every(({ after, before }) => after.length === 0 && (before?.length ?? 0) === 0))
    return { ordered: [...calls], circular: new Map() };
  return new Sorting(calls).sort();
}

interface Place<Item> {
  readonly seq: number;
  readonly call: Item;
  readonly behind: Place<Item>[];
  blockers: number;
  placed: boolean;
}

/** The calls of one tool, and those that wait for all of them. */
interface Group<Item> {
  readonly places: Place<Item>[];
  readonly behind: Place<Item>[];
  left: number;
}

/** One sort: Kahn's algorithm, which breaks a circle where nothing else is left. */
class Sorting<Item extends Ordered<Item>> {
  readonly #places = new Map<Item, Place<Item>>();
  readonly #groups = new Map<string, Group<Item>>();
  readonly #free = new PriorityQueue<Place<Item>>((a, b) => a.seq <= b.seq);
  readonly #ordered: Item[] = [];
  readonly #circular = new Map<Item, readonly Item[]>();

  constructor(calls: readonly Item[]) {
    for (const call of calls) {
      const place = { seq: call.index, call, behind: [], blockers: 0, placed: false };
      this.#places.set(call, place);
      const group = this.#groups.get(call.name);
      if (group === undefined) this.#groups.set(call.name, { places: [place], behind: [], left: 1 });
      else group.left = group.places.push(place);
    }
    for (const place of this.#places.values()) this.#link(place);
  }

  sort(): SerialOrder<Item> {
    this.#putFree();
    for (const place of this.#places.values()) {
      while (!place.placed) {
        this.#breakCircle(place);
        this.#putFree();
      }
    }
    return { ordered: this.#ordered, circular: this.#circular };
  }

  #putFree(): void {
    for (let place = this.#free.pop(); place !== undefined; place = this.#free.pop()) this.#put(place);
  }

  #link(place: Place<Item>): void {
    const { after, before = [] } = place.call;
    for (const name of after) {
      const group = this.#groups.get(name);
      if (group === undefined) continue;
      group.behind.push(place);
      place.blockers++;
    }
    for (const call of before) {
      this.#places.get(call)?.behind.push(place);
      place.blockers++;
    }
    if (place.blockers === 0) this.#free.push(place);
  }

  #put(place: Place<Item>): void {
    if (place.placed) return;
    place.placed = true;
    this.#ordered.push(place.call);
    for (const next of place.behind) this.#unblock(next);
    const group = this.#groups.get(place.call.name) as Group<Item>;
    if (--group.left === 0) for (const next of group.behind) this.#unblock(next);
  }

  #unblock(place: Place<Item>): void {
    if (--place.blockers === 0) this.#free.push(place);
  }

  /** Goes back from a call until it comes round; it must, as nothing is free. */
  #breakCircle(start: Place<Item>): void {
    const way = new Map<Place<Item>, number>();
    let at = start;
    for (; !way.has(at); at = this.#stepBack(at)) way.set(at, way.size);
    const circle = [...way.keys()].slice(way.get(at)).map(({ call }) => call);
    const naming = circle.filter((call, i) => call.before?.includes(circle[(i + 1) % circle.length] as Item));
    for (const call of naming) this.#circular.set(call, circle);
    for (const call of naming) this.#put(this.#places.get(call) as Place<Item>);
  }

  /** A call that comes before this one and has no place yet. */
  #stepBack({ call }: Place<Item>): Place<Item> {
    for (const before of call.before ?? []) {
      const place = this.#places.get(before);
      if (place?.placed === false) return place;
    }
    for (const name of call.after) {
      const { places = [] } = this.#groups.get(name) ?? {};
      // Those at the end that are placed are not looked at again.
      while (places.at(-1)?.placed === true) places.pop();
      const last = places.at(-1);
      if (last !== undefined) return last;
    }
    throw new Error(`${call.name} waits for nothing, and has no place`);
  }
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
