/**
 * The lock table: hierarchical, shared and exclusive, first come first served.
 *
 * All of a call's resources are requested in one synchronous step, in serial order (deterministic locking, as in Calvin,
 * SIGMOD 2012), so there is no deadlock and no starvation. A path `a/b` is locked at its own node and, by intention, at
 * every node above it (Gray et al., 1976): two requests meet in conflict exactly where their paths overlap and one writes.
 *
 * 1. A request is granted at a node once no earlier request that conflicts with it there is left (G3, G5).
 * 2. A node's line is strict, but for reads below it, which only a writer of the node itself stops.
 * 3. A node without requests and without children is not kept (G10).
 */
import type { ResolvedEffects } from "./effects.ts";
import { formatPath, type Path } from "./resource.ts";

const READ_BELOW = 1;
const WRITE_BELOW = 2;
const READ = 4;
const WRITE = 8;

/** Who asks for locks. */
export interface LockOwner {
  readonly key: string;
  /** Called once, when the last lock is granted, unless all were granted at once. It must not release any itself. */
  locksGranted(): void;
}

/** Whom a request waits or waited for. */
export interface LockWait {
  readonly resource: string;
  readonly heldBy: string;
}

/** The locks of one call. */
export class LockRequest {
  readonly owner: LockOwner;
  /** @internal */ readonly arrival: number;
  /** The first of a chain. @internal */
  first: Entry | undefined = undefined;
  /** @internal */ waiting = 0;
  /** @internal */ freedAt: Node | undefined = undefined;
  /** @internal */ freedBy = "";

  constructor(owner: LockOwner, arrival: number) {
    this.owner = owner;
    this.arrival = arrival;
  }

  /** Whether every lock is held. */
  get granted(): boolean {
    return this.waiting === 0;
  }

  /** For a waiting request one that is in its way; for a granted one the last whose release let it through. */
  waitsFor(): LockWait | undefined {
    let blocked = this.waiting === 0 ? undefined : this.first;
    while (blocked?.granted === true) blocked = blocked.sibling;
    if (blocked !== undefined)
      return { resource: blocked.node.name(), heldBy: blocked.node.inTheWay(blocked) };
    return this.freedAt && { resource: this.freedAt.name(), heldBy: this.freedBy };
  }

  /** Gives back the locks and the places in line; `"reads"` keeps what is written (contract §3). */
  release(what: "all" | "reads" = "all"): void {
    const freed: LockRequest[] = [];
    let kept: Entry | undefined;
    for (let entry = this.first; entry !== undefined; entry = entry.sibling) {
      entry.node.leave(entry, what === "all" ? 0 : entry.mode & (WRITE | WRITE_BELOW));
      if (entry.mode === 0) entry.node.prune();
    }
    for (let entry = this.first; entry !== undefined;) {
      const next: Entry | undefined = entry.sibling;
      entry.node.grantWaiting(this.owner.key, freed);
      if (entry.mode !== 0) {
        entry.sibling = kept;
        kept = entry;
      }
      entry = next;
    }
    this.first = kept;
    for (const next of freed) next.owner.locksGranted();
  }
}

/** What is locked, and who waits. */
export class LockTable {
  readonly #root = new Node(undefined, "");
  #arrivals = 0;

  /** Gets in line for everything that a call touches. */
  request(effects: ResolvedEffects, owner: LockOwner): LockRequest {
    const request = new LockRequest(owner, this.#arrivals++);
    for (const path of effects.reads) this.#collect(request, path, READ);
    for (const path of effects.writes) this.#collect(request, path, WRITE);
    for (let entry = request.first; entry !== undefined; entry = entry.sibling) entry.node.join(entry);
    return request;
  }

  /** Whether a request for this would have to wait. */
  wouldWait(effects: ResolvedEffects): boolean {
    return (
      effects.reads.some((path) => this.#wouldBlock(path, READ)) ||
      effects.writes.some((path) => this.#wouldBlock(path, WRITE))
    );
  }

  /** Whether nothing is locked. */
  get empty(): boolean {
    return this.#root.idle;
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
    let node: Node | undefined = this.#root;
    for (const segment of path) {
      if (node.wouldBlock(intentionOf(mode))) return true;
      node = node.children?.get(segment);
      if (node === undefined) return false;
    }
    return node.wouldBlock(mode);
  }
}

/** One request at one node; a link in one of the node's lists. */
class Entry {
  readonly node: Node;
  readonly request: LockRequest;
  mode: number;
  granted = false;
  previous: Entry | undefined = undefined;
  next: Entry | undefined = undefined;
  /** The next of the same request. */
  sibling: Entry | undefined = undefined;

  constructor(node: Node, request: LockRequest, mode: number) {
    this.node = node;
    this.request = request;
    this.mode = mode;
  }
}

class EntryList {
  head: Entry | undefined = undefined;
  tail: Entry | undefined = undefined;

  append(entry: Entry): void {
    entry.previous = this.tail;
    entry.next = undefined;
    if (this.tail === undefined) this.head = entry;
    else this.tail.next = entry;
    this.tail = entry;
  }

  remove(entry: Entry): void {
    if (entry.previous === undefined) this.head = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.tail = entry.previous;
    else entry.next.previous = entry.previous;
    // An entry in the old generation, dead but not collected yet, would keep all that came after it alive.
    entry.previous = entry.next = undefined;
  }
}

class Node {
  readonly parent: Node | undefined;
  readonly segment: string;
  children: Map<string, Node> | undefined = undefined;
  /** Granted entries, and how many of them hold each mode. */
  readonly #granted = new EntryList();
  #writers = 0;
  #readers = 0;
  #writersBelow = 0;
  /** Who waits: reads below apart from the strict line, whose writers are listed again because they stop those reads. */
  readonly #line = new EntryList();
  readonly #readsBelow = new EntryList();
  #lineWriters: Set<Entry> | undefined = undefined;
  /** The entry of the request that is being collected. */
  #latest: Entry | undefined = undefined;

  constructor(parent: Node | undefined, segment: string) {
    this.parent = parent;
    this.segment = segment;
  }

  child(segment: string): Node {
    this.children ??= new Map();
    let node = this.children.get(segment);
    if (node === undefined) this.children.set(segment, (node = new Node(this, segment)));
    return node;
  }

  /** One entry per request and node: a call that reads `a` and writes `a/b` holds both modes at `a`. */
  collect(request: LockRequest, mode: number): void {
    if (this.#latest?.request === request) {
      this.#latest.mode |= mode;
      return;
    }
    this.#latest = new Entry(this, request, mode);
    this.#latest.sibling = request.first;
    request.first = this.#latest;
  }

  join(entry: Entry): void {
    this.#latest = undefined;
    entry.mode = strongest(entry.mode);
    if (!this.wouldBlock(entry.mode)) return this.#grant(entry);
    entry.request.waiting++;
    if (entry.mode === READ_BELOW) return this.#readsBelow.append(entry);
    this.#line.append(entry);
    if (entry.mode === WRITE) (this.#lineWriters ??= new Set()).add(entry);
  }

  /** Takes an entry out, or leaves it with the modes in `keep`. */
  leave(entry: Entry, keep: number): void {
    if (entry.granted) {
      this.#count(entry.mode, -1);
      if (keep === 0) this.#granted.remove(entry);
      else this.#count(keep, 1);
    } else {
      this.#lineWriters?.delete(entry);
      (entry.mode === READ_BELOW ? this.#readsBelow : this.#line).remove(entry);
      entry.request.waiting--;
    }
    entry.mode = keep;
  }

  /** Grants whatever may pass now; requests that have all of their locks go to `freed`. */
  grantWaiting(by: string, freed: LockRequest[]): void {
    for (let entry = this.#line.head; entry !== undefined && this.#clear(entry); entry = this.#line.head) {
      this.#line.remove(entry);
      this.#lineWriters?.delete(entry);
      this.#grantWaiting(entry, by, freed);
    }
    const reads = this.#readsBelow;
    for (let entry = reads.head; entry !== undefined && this.#clear(entry); entry = reads.head) {
      reads.remove(entry);
      this.#grantWaiting(entry, by, freed);
    }
  }

  wouldBlock(mode: number): boolean {
    return (
      !this.#compatible(mode) ||
      (mode === READ_BELOW ? (this.#lineWriters?.size ?? 0) > 0 : this.#line.head !== undefined)
    );
  }

  /** The key of a holder, or of the first in line, that conflicts with a waiting entry. */
  inTheWay(entry: Entry): string {
    for (let holder = this.#granted.head; holder !== undefined; holder = holder.next) {
      if (conflicts(holder.mode, entry.mode)) return holder.request.owner.key;
    }
    return (this.#line.head ?? entry).request.owner.key;
  }

  get idle(): boolean {
    const empty =
      this.#granted.head === undefined &&
      this.#line.head === undefined &&
      this.#readsBelow.head === undefined;
    return empty && (this.children === undefined || this.children.size === 0);
  }

  /** Lets go of this node, and of those above it, if nothing is left there. */
  prune(): void {
    let node: Node = this;
    while (node.parent !== undefined && node.idle) {
      node.parent.children?.delete(node.segment);
      node = node.parent;
    }
  }

  name(): string {
    const path: string[] = [];
    for (let node: Node = this; node.parent !== undefined; node = node.parent) path.unshift(node.segment);
    return formatPath(path);
  }

  /** Whether the first of its list may pass. */
  #clear(entry: Entry): boolean {
    if (!this.#compatible(entry.mode)) return false;
    if (entry.mode === WRITE) {
      // A writer also lets the reads below go first that came before it.
      const read = this.#readsBelow.head;
      return read === undefined || read.request.arrival > entry.request.arrival;
    }
    if (entry.mode !== READ_BELOW) return true;
    const [writer] = this.#lineWriters ?? [];
    return writer === undefined || writer.request.arrival > entry.request.arrival;
  }

  #compatible(mode: number): boolean {
    if (this.#writers > 0) return false;
    if (mode & WRITE) return this.#granted.head === undefined;
    if (mode & READ && this.#writersBelow > 0) return false;
    return !(mode & WRITE_BELOW && this.#readers > 0);
  }

  #grantWaiting(entry: Entry, by: string, freed: LockRequest[]): void {
    this.#grant(entry);
    if (--entry.request.waiting > 0) return;
    entry.request.freedAt = this;
    entry.request.freedBy = by;
    freed.push(entry.request);
  }

  #grant(entry: Entry): void {
    entry.granted = true;
    this.#granted.append(entry);
    this.#count(entry.mode, 1);
  }

  #count(mode: number, by: 1 | -1): void {
    if (mode & WRITE) this.#writers += by;
    if (mode & READ) this.#readers += by;
    if (mode & WRITE_BELOW) this.#writersBelow += by;
  }
}

/** The mode in which the nodes above a locked one are held. */
function intentionOf(mode: number): number {
  return mode === READ ? READ_BELOW : WRITE_BELOW;
}

/** Writing a node includes all else there; reading it, or writing below it, includes reading below it. */
function strongest(mode: number): number {
  if (mode & WRITE) return WRITE;
  return mode & (READ | WRITE_BELOW) ? mode & ~READ_BELOW : mode;
}

function conflicts(a: number, b: number): boolean {
  if (a & WRITE || b & WRITE) return true;
  return (a & READ && b & WRITE_BELOW) !== 0 || (b & READ && a & WRITE_BELOW) !== 0;
}
