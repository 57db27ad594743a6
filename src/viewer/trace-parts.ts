/**
 * What a log may drop of a trace: turns with their calls, calls of turns that go on, and runs' own lines. Each is dropped as a
 * whole: half of one would draw calls that never end.
 */
import type { ExecutorEvent } from "../core/loop-event.ts";

/** A part of a trace. */
export class Part {
  readonly kind: "run" | "turn" | "call";
  /** Of a turn: its calls. What is inside a call is part of it. */
  readonly calls = new Set<Part>();
  events = 0;
  bytes = 0;
  /** The place of its last event. */
  lastPlace = 0;
  isDropped = false;
  /** How much of it has begun and is not over. */
  #open = 0;

  constructor(kind: Part["kind"]) {
    this.kind = kind;
  }

  get isOver(): boolean {
    return this.#open === 0;
  }

  /** Takes note of an event of it. */
  note({ type }: ExecutorEvent, place: number): void {
    this.lastPlace = place;
    if (type === "run.started" || type === "batch.opened" || type === "call.queued") this.#open++;
    // Its beginning may lie before that of the trace.
    else if ((type === "run.ended" || type === "batch.closed" || type === "call.settled") && !this.isOver)
      this.#open--;
  }
}

/** The parts of a trace. */
export class TraceParts {
  /** By the names of runs, turns, batches and calls: a turn is also that of its batch, a call that of a batch inside it. */
  readonly #parts = new Map<string, Part>();

  /** The part that an event belongs to. */
  of(event: ExecutorEvent): Part {
    if (event.type === "batch.opened") {
      const part = this.#ofBatch(event);
      this.#parts.set(`batch ${event.batch}`, part);
      return part;
    }
    if (event.type === "batch.closed") return this.#part(`batch ${event.batch}`, "turn");
    if ("call" in event) return this.#ofCall(typeof event.call === "string" ? event.call : event.call.key);
    return "turn" in event ? this.#part(turnName(event), "turn") : this.#part(`run ${event.run}`, "run");
  }

  /** What may be dropped first: turns that are over, each with its calls; then calls that are over. */
  over(): (readonly Part[])[] {
    const turns: Choice[] = [];
    const calls: Choice[] = [];
    for (const part of this.#whole()) {
      if (part.isOver) turns.push([part, ...part.calls]);
      else for (const call of part.calls) if (call.isOver) calls.push([call]);
    }
    return [...turns.sort(byAge), ...calls.sort(byAge)];
  }

  /** What may be dropped in need: calls that go on, then turns that do. A run that does is left: its lines are two. */
  goingOn(): (readonly Part[])[] {
    const turns: Choice[] = [];
    const calls: Choice[] = [];
    for (const part of this.#whole()) {
      for (const call of part.calls) calls.push([call]);
      if (part.kind === "turn") turns.push([part]);
    }
    return [...calls.sort(byAge), ...turns.sort(byAge)];
  }

  /** Forgets parts that were dropped, unless more of them is to come, which is to be known as theirs. */
  forgetDropped(): void {
    for (const [name, part] of this.#parts) {
      if (part.isDropped && part.isOver) this.#parts.delete(name);
      for (const call of part.calls) if (call.isDropped) part.calls.delete(call);
    }
  }

  /** Runs and turns of which something is kept. */
  *#whole(): Iterable<Part> {
    for (const part of new Set(this.#parts.values())) if (!part.isDropped && part.kind !== "call") yield part;
  }

  #ofBatch({ batch, parent, run, turn }: Extract<ExecutorEvent, { type: "batch.opened" }>): Part {
    if (parent !== undefined) return this.#ofCall(parent);
    return this.#part(turn === undefined ? `batch ${batch}` : turnName({ run, turn }), "turn");
  }

  /** That of the outermost call around a call. A call's key begins with that of its batch, or of the call around it. */
  #ofCall(key: string): Part {
    const [batch, number] = key.split(".", 2);
    const around = this.#part(`batch ${batch}`, "turn");
    if (around.kind === "call") return around;
    const name = `call ${batch}.${number}`;
    const known = this.#parts.get(name);
    if (known !== undefined || around.isDropped) return known ?? around;
    const call = this.#part(name, "call");
    around.calls.add(call);
    return call;
  }

  #part(name: string, kind: Part["kind"]): Part {
    let part = this.#parts.get(name);
    if (part === undefined) this.#parts.set(name, (part = new Part(kind)));
    return part;
  }
}

/** What is dropped together. */
type Choice = readonly [Part, ...Part[]];

/** What was heard of longest ago comes first. */
function byAge([a]: Choice, [b]: Choice): number {
  return a.lastPlace - b.lastPlace;
}

function turnName({ run, turn }: { readonly run?: string | undefined; readonly turn: number }): string {
  return `turn ${run ?? ""}/${turn}`;
}
