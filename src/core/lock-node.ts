/**
 * One node of the lock table's tree of resources: who holds it, and who stands in line for it.
 *
 * 1. An entry is granted once no earlier one that conflicts with it here is left (G3, G5).
 * 2. The line is strict, but for reads below the node, which only a writer of the node itself stops. That is exact: the
 *    first in line conflicts with all that could come behind it but with those.
 */
import { formatPath } from "./resource.ts";

/** How a node is held: for reading or writing itself, or something below it. */
export const READ_BELOW = 1;
/** Something below is written. */
export const WRITE_BELOW = 2;
/** The node, and all below it, is read. */
export const READ = 4;
/** The node, and all below it, is written. */
export const WRITE = 8;

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
  /** @internal */ freedAt: LockNode | undefined = undefined;
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

/** One request at one node; a link in one of the node's lists. */
export class Entry {
  readonly node: LockNode;
  readonly request: LockRequest;
  mode: number;
  granted = false;
  previous: Entry | undefined = undefined;
  next: Entry | undefined = undefined;
  /** The next of the same request. */
  sibling: Entry | undefined = undefined;

  constructor(node: LockNode, request: LockRequest, mode: number) {
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

/** A resource that somebody holds, waits for, or holds something below of. */
export class LockNode {
  readonly parent: LockNode | undefined;
  readonly segment: string;
  children: Map<string, LockNode> | undefined = undefined;
  /** Granted entries, and how many of them hold each mode. */
  readonly #granted = new EntryList();
  #writers = 0;
  #readers = 0;
  #writersBelow = 0;
  /** Who waits: reads below apart from the strict line, whose writers are listed again because they stop those reads. */
  #line: EntryList | undefined = undefined;
  #readsBelow: EntryList | undefined = undefined;
  #lineWriters: Set<Entry> | undefined = undefined;
  /** The entry of the request that is being collected. */
  #latest: Entry | undefined = undefined;

  constructor(parent: LockNode | undefined, segment: string) {
    this.parent = parent;
    this.segment = segment;
  }

  child(segment: string): LockNode {
    this.children ??= new Map();
    let node = this.children.get(segment);
    if (node === undefined) this.children.set(segment, (node = new LockNode(this, segment)));
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
    if (entry.mode === READ_BELOW) return (this.#readsBelow ??= new EntryList()).append(entry);
    (this.#line ??= new EntryList()).append(entry);
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
      (entry.mode === READ_BELOW ? this.#readsBelow : this.#line)?.remove(entry);
      entry.request.waiting--;
    }
    entry.mode = keep;
  }

  /** Grants whatever may pass now; requests that have all of their locks go to `freed`. */
  grantWaiting(by: string, freed: LockRequest[]): void {
    const line = this.#line;
    for (let entry = line?.head; entry !== undefined && this.#clear(entry); entry = line?.head) {
      line?.remove(entry);
      this.#lineWriters?.delete(entry);
      this.#grantWaiting(entry, by, freed);
    }
    const reads = this.#readsBelow;
    for (let entry = reads?.head; entry !== undefined && this.#clear(entry); entry = reads?.head) {
      reads?.remove(entry);
      this.#grantWaiting(entry, by, freed);
    }
  }

  wouldBlock(mode: number): boolean {
    return (
      !this.#compatible(mode) ||
      (mode === READ_BELOW ? (this.#lineWriters?.size ?? 0) > 0 : this.#line?.head !== undefined)
    );
  }

  /** The key of a holder, or of the first in line, that conflicts with a waiting entry. */
  inTheWay(entry: Entry): string {
    for (let holder = this.#granted.head; holder !== undefined; holder = holder.next) {
      if (conflicts(holder.mode, entry.mode)) return holder.request.owner.key;
    }
    return (this.#line?.head ?? entry).request.owner.key;
  }

  get idle(): boolean {
    const empty =
      this.#granted.head === undefined &&
      this.#line?.head === undefined &&
      this.#readsBelow?.head === undefined;
    return empty && (this.children === undefined || this.children.size === 0);
  }

  /** Lets go of this node, and of those above it, if nothing is left there. */
  prune(): void {
    if (this.parent === undefined || !this.idle) return;
    this.parent.children?.delete(this.segment);
    this.parent.prune();
  }

  /** The resource, for people. */
  name(): string {
    return formatPath(this.path());
  }

  path(): string[] {
    return this.parent === undefined ? [] : [...this.parent.path(), this.segment];
  }

  /** Whether the first of its list may pass. */
  #clear(entry: Entry): boolean {
    if (!this.#compatible(entry.mode)) return false;
    if (entry.mode === WRITE) {
      // A writer also lets the reads below go first that came before it.
      const read = this.#readsBelow?.head;
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

/** Writing a node includes all else there; reading it, or writing below it, includes reading below it. */
function strongest(mode: number): number {
  if (mode & WRITE) return WRITE;
  return mode & (READ | WRITE_BELOW) ? mode & ~READ_BELOW : mode;
}

function conflicts(a: number, b: number): boolean {
  if (a & WRITE || b & WRITE) return true;
  return (a & READ && b & WRITE_BELOW) !== 0 || (b & READ && a & WRITE_BELOW) !== 0;
}
