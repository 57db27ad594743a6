/**
 * A trace in the JSON object format of Chrome's trace viewer, which Perfetto opens, too: a process for each run, in which what
 * overlaps lies side by side in threads.
 *
 * 1. In each thread slices lie inside one another or apart. Times are whole microseconds, so that rounding cannot shift an end.
 * 2. A call's waits and attempts lie inside its slice; an attempt that overlaps another, or outlives its call, lies beside it.
 */
import { toText } from "../results/text.ts";
import { criticalPath, type PathStep } from "./critical-path.ts";
import { callsByKey, explainStep, explainWait, sentenceOf, waitsOfCall } from "./explain.ts";
import { lanesOf } from "./lanes.ts";
import { tracesOfRuns } from "./scope.ts";
import { slotUse } from "./slot-use.ts";
import type { Trace, TracedAttempt, TracedCall, TracedTurn } from "./trace.ts";

/** What Chrome's trace viewer and Perfetto open. */
export interface ChromeTrace {
  readonly traceEvents: readonly ChromeEvent[];
  readonly displayTimeUnit: "ms";
  readonly otherData: Readonly<Record<string, string>>;
}

/** An event of the format; times are microseconds. */
export interface ChromeEvent {
  /** `X` a slice, `C` a counter, `s` and `f` the ends of an arrow, `M` a name. */
  readonly ph: "X" | "C" | "s" | "f" | "M";
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: "e";
  readonly args?: Readonly<Record<string, unknown>>;
}

/** The category of what lies on the critical path. */
const CRITICAL = "critical-path";

/** The process of limits, and of what belongs to no run. */
const OTHERS = 1;
const PATH_THREAD = 1;
const FIRST_THREAD = 2;

/** A trace for Chrome's trace viewer or Perfetto. What goes on in it ends with it. */
export function toChromeTrace(trace: Trace): ChromeTrace {
  return new ChromeWriter(trace).write();
}

/** Something that has a lane of its own, and what lies inside it. */
interface Block {
  readonly fromMs: number;
  readonly toMs: number;
  readonly slices: readonly Slice[];
}

interface Slice {
  readonly name: string;
  readonly cat: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Where a call's slice lies. */
interface Place {
  readonly pid: number;
  readonly tid: number;
  readonly fromMs: number;
  readonly toMs: number;
}

class ChromeWriter {
  readonly #trace: Trace;
  readonly #calls: ReadonlyMap<string, TracedCall>;
  readonly #events: ChromeEvent[] = [];
  readonly #places = new Map<string, Place>();
  /** The calls that lie on the path of their run. */
  readonly #critical = new Set<string>();
  #nextPid = OTHERS + 1;
  #arrows = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#calls = callsByKey(trace.calls);
  }

  write(): ChromeTrace {
    const { turns, calls, startedOn } = this.#trace;
    const runs = tracesOfRuns(this.#trace);
    const runOf = new Map(turns.map(({ key, run }) => [key, run]));
    const isOthers = (run: string | undefined) => run === undefined || !runs.has(run);
    this.#process(OTHERS, {
      name: undefined,
      path: runs.size > 0 ? [] : criticalPath(this.#trace),
      turns: turns.filter(({ run }) => isOthers(run)),
      calls: calls.filter(({ turn }) => isOthers(runOf.get(turn ?? ""))),
    });
    for (const [name, trace] of runs)
      this.#process(this.#nextPid++, { ...trace, name, path: criticalPath(trace, name) });
    for (const call of calls) this.#arrowsTo(call);
    this.#counters();
    return {
      traceEvents: this.#events,
      displayTimeUnit: "ms",
      otherData: {
        source: "tutti",
        ...(startedOn !== undefined && { startedOn: new Date(startedOn).toISOString() }),
      },
    };
  }

  #process(
    pid: number,
    {
      name,
      path,
      turns,
      calls,
    }: {
      readonly name: string | undefined;
      readonly path: readonly PathStep[];
      readonly turns: readonly TracedTurn[];
      readonly calls: readonly TracedCall[];
    },
  ): void {
    this.#name(pid, 0, { process_name: name === undefined ? "limits, and calls of no run" : `run ${name}` });
    for (const step of path) if ("call" in step) this.#critical.add(step.call);
    if (path.length > 0) this.#name(pid, PATH_THREAD, { thread_name: "critical path" });
    for (const step of path) this.#slice(pid, PATH_THREAD, this.#stepSlice(step));
    const next = this.#lay(pid, FIRST_THREAD, { name: "model", blocks: this.#turnBlocks(turns) });
    this.#lay(pid, next, { name: "calls", blocks: calls.flatMap((call) => this.#callBlocks(call)) });
  }

  /** Lays blocks into threads; returns the first thread that is left. */
  #lay(
    pid: number,
    first: number,
    { name, blocks }: { name: string; blocks: readonly (Block & { key?: string })[] },
  ): number {
    const lanes = lanesOf(blocks);
    let next = first;
    for (const [block, lane] of lanes) {
      const tid = first + lane;
      for (const slice of block.slices) this.#slice(pid, tid, slice);
      if (block.key !== undefined)
        this.#places.set(block.key, { pid, tid, fromMs: block.fromMs, toMs: block.toMs });
      next = Math.max(next, tid + 1);
    }
    for (let tid = first; tid < next; tid++)
      this.#name(pid, tid, { thread_name: tid === first ? name : `${name} ${tid - first + 1}` });
    return next;
  }

  #turnBlocks(turns: readonly TracedTurn[]): Block[] {
    return turns.flatMap((turn) => {
      if (turn.turn === undefined) return [];
      const { fromMs, modelToMs: toMs = this.#trace.endMs, model, usage, stop, status } = turn;
      const args = { turn: turn.key, status, stop, ...usage };
      const name = model === undefined ? `turn ${turn.key}` : `${model}, turn ${turn.key}`;
      return [{ fromMs, toMs, slices: [{ name, cat: "model", fromMs, toMs, args }] }];
    });
  }

  /** A call with what lies inside it, and beside it the attempts that do not. */
  #callBlocks(call: TracedCall): (Block & { key?: string })[] {
    const { queuedMs: fromMs, settledMs: toMs = this.#trace.endMs } = call;
    const inside: Slice[] = waitsOfCall(call).map((stretch) => {
      const isOpen = stretch.toMs === undefined;
      const what = sentenceOf(explainWait(stretch.wait, { calls: this.#calls, of: call, isOpen }));
      const slice = { fromMs: stretch.fromMs, toMs: stretch.toMs ?? this.#trace.endMs };
      return {
        name: `waits for ${what}`,
        cat: `wait,${stretch.wait.for}`,
        ...slice,
        args: { ...stretch.wait },
      };
    });
    const beside: Block[] = [];
    for (const attempt of call.attempts) {
      const slice = this.#attemptSlice(call, attempt);
      const fits =
        slice.fromMs >= fromMs && slice.toMs <= toMs && inside.every((other) => areApart(slice, other));
      if (fits) inside.push(slice);
      else beside.push({ ...slice, slices: [slice] });
    }
    return [{ key: call.key, fromMs, toMs, slices: [this.#callSlice(call, toMs), ...inside] }, ...beside];
  }

  #callSlice({ key, call, queuedMs, status, error, output }: TracedCall, toMs: number): Slice {
    return {
      name: call.name,
      cat: this.#critical.has(key) ? `call,${CRITICAL}` : "call",
      fromMs: queuedMs,
      toMs,
      args: {
        call: key,
        id: call.id,
        status,
        input: toText(call.input),
        ...(status === "ok" && { output: toText(output) }),
        ...(error !== undefined && { error: `${error.code}: ${error.message}` }),
      },
    };
  }

  #attemptSlice({ call, key }: TracedCall, { number, as, fromMs, toMs, status }: TracedAttempt): Slice {
    return {
      name: `${call.name}, attempt ${number}${as === "hedge" ? " (hedge)" : ""}`,
      cat: "attempt",
      fromMs,
      toMs: toMs ?? this.#trace.endMs,
      args: { call: key, attempt: number, as, status },
    };
  }

  #stepSlice(step: PathStep): Slice {
    const { fromMs, toMs, kind } = step;
    const call = "call" in step ? step.call : undefined;
    const who = call === undefined ? undefined : this.#calls.get(call);
    const why = step.kind === "wait" ? `: ${sentenceOf(explainStep(step, this.#calls))}` : "";
    const name = `${kind}${who === undefined ? "" : ` ${who.call.name}`}${why}`;
    return { name, cat: CRITICAL, fromMs, toMs, args: "turn" in step ? { turn: step.turn } : { call } };
  }

  /** From each call that one waited for to where that wait ends. */
  #arrowsTo(call: TracedCall): void {
    const to = this.#places.get(call.key);
    for (const { wait, fromMs, toMs = this.#trace.endMs } of waitsOfCall(call)) {
      const key = wait.for === "lock" ? wait.heldBy : wait.for === "call" ? wait.call : "";
      const from = this.#places.get(key);
      if (from === undefined || to === undefined || from === to) continue;
      // Just before its end a slice is still the one that an arrow is tied to.
      const end = Math.max(micros(fromMs), micros(toMs) - 1);
      const start = Math.min(end, Math.max(micros(from.fromMs), micros(from.toMs) - 1));
      if (start < micros(from.fromMs)) continue;
      const arrow = { name: "waited for", cat: "wait", id: ++this.#arrows } as const;
      this.#events.push({ ...arrow, ph: "s", pid: from.pid, tid: from.tid, ts: start });
      this.#events.push({ ...arrow, ph: "f", bp: "e", pid: to.pid, tid: to.tid, ts: end });
    }
  }

  #counters(): void {
    for (const { pool, limit, steps } of slotUse(this.#trace)) {
      const name = limit === undefined ? `slots of ${pool}` : `slots of ${pool} (${limit})`;
      for (const { atMs, inUse } of steps)
        this.#events.push({
          ph: "C",
          name,
          pid: OTHERS,
          tid: 0,
          ts: micros(atMs),
          args: { "in use": inUse },
        });
    }
  }

  #slice(pid: number, tid: number, { name, cat, fromMs, toMs, args }: Slice): void {
    const ts = micros(fromMs);
    this.#events.push({ ph: "X", name, cat, pid, tid, ts, dur: Math.max(0, micros(toMs) - ts), args });
  }

  #name(pid: number, tid: number, names: Readonly<Record<string, string>>): void {
    for (const [kind, name] of Object.entries(names))
      this.#events.push({ ph: "M", name: kind, pid, tid, ts: 0, args: { name } });
  }
}

function areApart(a: Slice, b: Slice): boolean {
  return a.toMs <= b.fromMs || b.toMs <= a.fromMs;
}

function micros(ms: number): number {
  return Math.round(ms * 1_000);
}
