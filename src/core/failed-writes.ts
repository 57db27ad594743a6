/**
 * What the failed calls of a batch would have written: a write behind a failed write of the same resource is skipped,
 * because the model assumed that the first one worked (contract §4).
 */
import type { Call } from "./call.ts";
import type { ResolvedEffects } from "./effects.ts";
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
  readonly #plain: Node = newNode();
  readonly #commuting: Node = newNode();

  /** `order` is the call's place in serial order. */
  add({ writes, commutes }: ResolvedEffects, call: Call, order: number): void {
    const failed = { order, call };
    for (const path of writes) mark(this.#plain, path, failed);
    for (const path of commutes) mark(this.#commuting, path, failed);
  }

  /** The first failed write that these writes stand behind, for a call at `order`. Writes that commute do so with failed ones. */
  before({ writes, commutes }: ResolvedEffects, order: number): Call | undefined {
    let found: Failed | undefined;
    for (const path of writes)
      found = first(found, first(overlapping(this.#plain, path), overlapping(this.#commuting, path)));
    for (const path of commutes) found = first(found, overlapping(this.#plain, path));
    return found !== undefined && found.order < order ? found.call : undefined;
  }
}

function mark(root: Node, path: Path, failed: Failed): void {
  let node = root;
  node.within = first(node.within, failed);
  for (const segment of path) {
    node = child(node, segment);
    node.within = first(node.within, failed);
  }
  node.here = first(node.here, failed);
}

function overlapping(root: Node, path: Path): Failed | undefined {
  let node = root;
  let found: Failed | undefined;
  for (const segment of path) {
    found = first(found, node.here);
    const next = node.children?.get(segment);
    if (next === undefined) return found;
    node = next;
  }
  return first(found, node.within);
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
