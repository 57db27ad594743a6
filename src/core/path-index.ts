/**
 * Values by resource path: what is known of a path, of those that cover it and of those that it covers, merged into one. To
 * add and to find cost the length of the path.
 */
import type { Path } from "./resource.ts";

interface Node<Value> {
  /** Of this very path. */
  here: Value | undefined;
  /** Of this one and of all below it. */
  within: Value | undefined;
  children: Map<string, Node<Value>> | undefined;
}

/** Values by path, merged by a function that may merge in any order. */
export class PathIndex<Value> {
  readonly #merge: (a: Value, b: Value) => Value;
  readonly #root = newNode<Value>();

  constructor(merge: (a: Value, b: Value) => Value) {
    this.#merge = merge;
  }

  add(path: Path, value: Value): void {
    let node = this.#root;
    node.within = this.#both(node.within, value);
    for (const segment of path) {
      node.children ??= new Map<string, Node<Value>>();
      let next = node.children.get(segment);
      if (next === undefined) node.children.set(segment, (next = newNode()));
      node = next;
      node.within = this.#both(node.within, value);
    }
    node.here = this.#both(node.here, value);
  }

  /** The values of all paths that overlap one of these. */
  overlapping(paths: readonly Path[]): Value | undefined {
    let found: Value | undefined;
    for (const path of paths) found = this.#both(found, this.#at(path));
    return found;
  }

  #at(path: Path): Value | undefined {
    let node = this.#root;
    let found: Value | undefined;
    for (const segment of path) {
      found = this.#both(found, node.here);
      const next = node.children?.get(segment);
      if (next === undefined) return found;
      node = next;
    }
    return this.#both(found, node.within);
  }

  #both(a: Value | undefined, b: Value | undefined): Value | undefined {
    return a === undefined || b === undefined ? (a ?? b) : this.#merge(a, b);
  }
}

function newNode<Value>(): Node<Value> {
  return { here: undefined, within: undefined, children: undefined };
}
