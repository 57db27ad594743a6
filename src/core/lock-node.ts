/**
 * One node of the lock table's tree of resources: who holds it, and who stands in line for it.
 *
 * 1. An entry is granted once no earlier one that conflicts with it here is left (G3, G5).
 */
import { LockLine, type Waiter } from "./lock-line.ts";
import {
  COMMUTE,
  COMMUTE_BELOW,
  conflicting,
  conflicts,
  READ,
  READ_BELOW,
  strongest,
  WRITE,
  WRITE_BELOW,
  WRITING,
} from "./lock-modes.ts";
import { formatPath } from "./resource.ts";

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
    const blocked = this.#blocked();
    if (blocked !== undefined)
      return { resource: blocked.node.name(), heldBy: blocked.node.inTheWay(blocked) };
    return this.freedAt && { resource: this.freedAt.name(), heldBy: this.freedBy };
  }

  /** Gives back the locks and the places in line; `"reads"` keeps what is written (contract §3). */
  release(what: "all" | "reads" = "all"): void {
    const keep = what === "all" ? 0 : WRITING;
    let contended = false;
    for (let entry = this.first; entry !== undefined; entry = entry.sibling) {
      entry.node.leave(entry, entry.mode & keep);
      if (entry.mode === 0) entry.node.prune();
      contended ||= entry.node.contended;
    }
    const freed = contended ? this.#passOn() : [];
    this.first = keep === 0 ? undefined : heldIn(this.first);
    for (const next of freed) next.owner.locksGranted();
  }

  /**
   * Trades what it has and wants for less, at its place in line; `collect` adds the entries for that. Whoever came later and
   * conflicts with it has not got all locks yet, so what that one has is taken back where need be.
   */
  narrow(collect: () => void): void {
    const blocked = this.#blocked();
    const freedAt = blocked === undefined ? this.freedAt : blocked.node;
    const freedBy = blocked === undefined ? this.freedBy : blocked.node.inTheWay(blocked);
    const left: LockNode[] = [];
    for (let entry = this.first; entry !== undefined; entry = entry.sibling) {
      entry.node.leave(entry, 0);
      left.push(entry.node);
    }
    this.first = undefined;
    collect();
    for (let entry = this.first as Entry | undefined; entry !== undefined; entry = entry.sibling)
      entry.node.comeBack(entry);
    const freed = this.#passOn();
    for (const node of left) node.grantWaiting(this.owner.key, freed);
    for (const node of left) node.prune();
    for (const next of freed) if (next !== this) next.owner.locksGranted();
    if (!this.granted) return;
    Object.assign(this, { freedAt, freedBy });
    if (blocked !== undefined) this.owner.locksGranted();
  }

  #blocked(): Entry | undefined {
    let blocked = this.waiting === 0 ? undefined : this.first;
    while (blocked?.granted === true) blocked = blocked.sibling;
    return blocked;
  }

  /** Lets in those who waited for what was given back; returns the requests that have all of their locks now. */
  #passOn(): LockRequest[] {
    const freed: LockRequest[] = [];
    for (let entry = this.first; entry !== undefined; entry = entry.sibling) {
      entry.node.grantWaiting(this.owner.key, freed);
    }
    return freed;
  }
}

/** One request at one node; a link among its holders, or in its line. */
export class Entry implements Waiter<Entry> {
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

  get arrival(): number {
    return this.request.arrival;
  }
}

/** The entries of a chain that still hold or want something. */
function heldIn(chain: Entry | undefined): Entry | undefined {
  let held: Entry | undefined;
  for (let entry = chain; entry !== undefined;) {
    const next: Entry | undefined = entry.sibling;
    if (entry.mode !== 0) {
      entry.sibling = held;
      held = entry;
    }
    entry = next;
  }
  return held;
}

/** A resource that somebody holds, waits for, or holds something below of. */
export class LockNode {
  readonly parent: LockNode | undefined;
  readonly segment: string;
  children: Map<string, LockNode> | undefined = undefined;
  /** The first of those who hold the node, and how many of them there are for each mode. */
  #holders: Entry | undefined = undefined;
  #readers = 0;
  #writers = 0;
  #commuters = 0;
  #readersBelow = 0;
  #writersBelow = 0;
  #commutersBelow = 0;
  #line: LockLine<Entry> | undefined = undefined;
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
    if (this.wouldBlock(entry.mode)) this.#enterLine(entry);
    else this.#grant(entry);
  }

  /** An entry of a request that has had its place before: whoever came later and is in its way stands behind it. */
  comeBack(entry: Entry): void {
    this.#latest = undefined;
    entry.mode = strongest(entry.mode);
    for (let holder = this.#compatible(entry.mode) ? undefined : this.#holders; holder !== undefined;) {
      const { next } = holder;
      if (holder.arrival > entry.arrival && conflicts(holder.mode, entry.mode)) this.#takeBack(holder);
      holder = next;
    }
    this.#enterLine(entry);
  }

  /** Takes an entry out, or leaves it with the modes in `keep`. */
  leave(entry: Entry, keep: number): void {
    if (entry.granted) {
      this.#count(entry.mode, -1);
      if (keep === 0) this.#removeHolder(entry);
      else this.#count(keep, 1);
    } else {
      this.#leaveLine(entry);
      entry.request.waiting--;
    }
    entry.mode = keep;
  }

  /** Whether anybody waits here. */
  get contended(): boolean {
    return this.#line !== undefined;
  }

  /** Grants whatever may pass now; requests that have all of their locks go to `freed`. */
  grantWaiting(by: string, freed: LockRequest[]): void {
    const pass = (mode: number) => this.#compatible(mode);
    for (let entry = this.#line?.next(pass); entry !== undefined; entry = this.#line?.next(pass)) {
      this.#leaveLine(entry);
      this.#grant(entry);
      if (--entry.request.waiting > 0) continue;
      entry.request.freedAt = this;
      entry.request.freedBy = by;
      freed.push(entry.request);
    }
  }

  wouldBlock(mode: number): boolean {
    return !this.#compatible(mode) || this.#line?.stops(mode) !== undefined;
  }

  /** The key of a holder, or of the first in line, that conflicts with a waiting entry. */
  inTheWay(entry: Entry): string {
    for (let holder = this.#holders; holder !== undefined; holder = holder.next) {
      if (conflicts(holder.mode, entry.mode)) return holder.request.owner.key;
    }
    return (this.#line?.stops(entry.mode, entry.arrival) ?? entry).request.owner.key;
  }

  get idle(): boolean {
    const empty = this.#holders === undefined && this.#line === undefined;
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

  #compatible(mode: number): boolean {
    const apart = conflicting(mode);
    if (apart & WRITE && this.#writers > 0) return false;
    if (apart & READ && this.#readers > 0) return false;
    if (apart & COMMUTE && this.#commuters > 0) return false;
    if (apart & WRITE_BELOW && this.#writersBelow > 0) return false;
    if (apart & READ_BELOW && this.#readersBelow > 0) return false;
    return !(apart & COMMUTE_BELOW && this.#commutersBelow > 0);
  }

  #grant(entry: Entry): void {
    entry.granted = true;
    this.#count(entry.mode, 1);
    entry.next = this.#holders;
    if (this.#holders !== undefined) this.#holders.previous = entry;
    this.#holders = entry;
  }

  #removeHolder(entry: Entry): void {
    if (entry.previous === undefined) this.#holders = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    // See `LockLine`: a dead entry must not keep others alive.
    entry.previous = entry.next = undefined;
  }

  #takeBack(holder: Entry): void {
    this.#count(holder.mode, -1);
    this.#removeHolder(holder);
    holder.granted = false;
    this.#enterLine(holder);
  }

  #enterLine(entry: Entry): void {
    entry.request.waiting++;
    (this.#line ??= new LockLine()).add(entry);
  }

  #leaveLine(entry: Entry): void {
    this.#line?.remove(entry);
    if (this.#line?.empty === true) this.#line = undefined;
  }

  #count(mode: number, by: 1 | -1): void {
    if (mode & READ) this.#readers += by;
    if (mode & WRITE) this.#writers += by;
    if (mode & COMMUTE) this.#commuters += by;
    if (mode & READ_BELOW) this.#readersBelow += by;
    if (mode & WRITE_BELOW) this.#writersBelow += by;
    if (mode & COMMUTE_BELOW) this.#commutersBelow += by;
  }
}
