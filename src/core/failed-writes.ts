/**
 * What the failed calls of a batch would have written: a write behind a failed write of the same resource is skipped,
 * because the model assumed that the first one worked (contract §4).
 */
import type { Call } from "./call.ts";
import type { Path } from "./resource.ts";

interface Failed {
  readonly order: number;
  readonly call: Call;
}

interface Node {
  /** The first failed write, in serial order, of this very resource. */
  here: Failed | undefined;
  /** The first of this resource or of one below it. */
  within: Failed | undefined;
  children: Map<string, Node> | undefined;
}

/** Failed writes by resource; to add and to find cost the length of the path. */
export class FailedWrites {
  readonly #root: Node = newNode();

  /** `order` is the call's place in serial order. */
  add(paths: readonly Path[], call: Call, order: number): void {
    const failed = { order, call };
    for (const path of paths) {
      let node = this.#root;
      node.within = first(node.within, failed);
      for (const segment of path) {
        node = child(node, segment);
        node.within = first(node.within, failed);
      }
      node.here = first(node.here, failed);
    }
  }

  /** The first failed write that overlaps one of these and stands before `order`. */
  before(paths: readonly Path[], order: number): Call | undefined {
    let found: Failed | undefined;
    for (const path of paths) found = first(found, this.#overlapping(path));
    return found !== undefined && found.order < order ? found.call : undefined;
  }

  #overlapping(path: Path): Failed | undefined {
    let node = this.#root;
    let found: Failed | undefined;
    for (const segment of path) {
      found = first(found, node.here);
      const next = node.children?.get(segment);
      if (next === undefined) return found;
      node = next;
    }
    return first(found, node.within);
  }
}

function first(a: Failed | undefined, b: Failed | undefined): Failed | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.order <= b.order ? a : b;
}

function child(node: Node, segment: string): Node {
  const children = (node.children ??= new Map<string, Node>());
  let next = children.get(segment);
  if (next === undefined) children.set(segment, (next = newNode()));
  return next;
}

function newNode(): Node {
  return { here: undefined, within: undefined, children: undefined };
}
