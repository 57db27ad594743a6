/**
 * The lock table: hierarchical, shared and exclusive, first come first served. Writes that commute share among themselves.
 *
 * All of a call's resources are requested in one synchronous step, in serial order (deterministic locking, as in Calvin,
 * SIGMOD 2012), so there is no deadlock and no starvation. A path `a/b` is locked at its own node and, by intention, at
 * every node above it (Gray et al., 1976): two requests meet in conflict exactly where their paths overlap and one writes.
 *
 * 1. A node without requests and without children is not kept (G10).
 */
import type { ResolvedEffects } from "./effects.ts";
import { COMMUTE, intentionOf, READ, WRITE } from "./lock-modes.ts";
import { LockNode, LockRequest, type LockOwner } from "./lock-node.ts";
import type { Path } from "./resource.ts";

/** What is locked, and who waits. */
export class LockTable {
  readonly #root = new LockNode(undefined, "");
  #arrivals = 0;

  /** Gets in line for everything that a call touches. */
  request(effects: ResolvedEffects, owner: LockOwner): LockRequest {
    const request = new LockRequest(owner, this.#arrivals++);
    this.#collectAll(request, effects);
    for (let entry = request.first; entry !== undefined; entry = entry.sibling) entry.node.join(entry);
    return request;
  }

  /** What a request is for has turned out to be no more than `effects`, all of which it covers: it keeps its place. */
  narrow(request: LockRequest, effects: ResolvedEffects): void {
    request.narrow(() => this.#collectAll(request, effects));
  }

  /** Whether a request for this would have to wait. */
  wouldWait({ reads, writes, commutes }: ResolvedEffects): boolean {
    return (
      reads.some((path) => this.#wouldBlock(path, READ)) ||
      writes.some((path) => this.#wouldBlock(path, WRITE)) ||
      commutes.some((path) => this.#wouldBlock(path, COMMUTE))
    );
  }

  /** Whether nothing is locked. */
  get empty(): boolean {
    return this.#root.idle;
  }

  #collectAll(request: LockRequest, { reads, writes, commutes }: ResolvedEffects): void {
    for (const path of reads) this.#collect(request, path, READ);
    for (const path of writes) this.#collect(request, path, WRITE);
    for (const path of commutes) this.#collect(request, path, COMMUTE);
  }

  #collect(request: LockRequest, path: Path, mode: number): void {
    let node = this.#root;
    for (const segment of path) {
      node.collect(request, intentionOf(mode));
      node = node.child(segment);
    }
    node.collect(request, mode);
  }

  #wouldBlock(path: Path, mode: number): boolean {
    let node: LockNode | undefined = this.#root;
    for (const segment of path) {
      if (node.wouldBlock(intentionOf(mode))) return true;
      node = node.children?.get(segment);
      if (node === undefined) return false;
    }
    return node.wouldBlock(mode);
  }
}
