/**
 * What parallel calls came to in a run, read off its events: how wide the turns were, how many calls ran at once, and the
 * time that this saved.
 *
 * A call in a wrapper, or in the batch tool, counts as the model's own, and what holds it does not. Calls that a tool makes
 * inside itself are that tool's business. Turns whose response broke off are left out.
 */
import type { RunEvent } from "./run-event.ts";

/** How wide the turns of a run were, and what that saved. */
export interface Metrics {
  /**
   * Calls per turn, over the turns that made any; 0 if none did. Above 1 the model calls in parallel.
   * https://platform.claude.com/docs/en/agents-and-tools/tool-use/parallel-tool-use
   */
  readonly callsPerTurn: number;
  /** How many turns made so many calls: `{ 1: 4, 3: 2 }` are four turns of one call and two of three. */
  readonly widths: Readonly<Record<number, number>>;
  /** The most calls that ran at the same time. */
  readonly maxOverlap: number;
  /**
   * Milliseconds saved against running each turn's calls one after the other once the model had stopped: the sum of the
   * times that they ran, less the time from the model's last word to the last result. Never below 0 for a turn.
   */
  readonly savedMs: number;
}

interface OpenTurn {
  readonly calls: Map<string, { runningMs: number }>;
  /** When the model had stopped; undefined before that. */
  endedAt: number | undefined;
  /** When the last result was there. */
  answeredAt: number | undefined;
}

/** The metrics of a run whose events are at hand, such as those of a trace. */
export function metricsOf(events: Iterable<RunEvent>): Metrics {
  const meter = new Meter();
  for (const event of events) meter.read(event);
  return meter.metrics();
}

/** Reads events as they come. */
export class Meter {
  readonly #widths = new Map<number, number>();
  /** The batches inside calls. */
  readonly #inner = new Set<string>();
  readonly #running = new Set<string>();
  #maxOverlap = 0;
  #savedMs = 0;
  #turn: OpenTurn | undefined;

  /** Takes the next event. */
  read(event: RunEvent): void {
    switch (event.type) {
      case "turn.started":
        this.#close();
        this.#turn = { calls: new Map(), endedAt: undefined, answeredAt: undefined };
        return;
      case "turn.ended":
        if (this.#turn !== undefined) this.#turn.endedAt = event.at;
        return;
      case "batch.opened":
        if (event.parent !== undefined) this.#inner.add(event.batch);
        return;
      case "batch.closed":
        if (this.#turn !== undefined && !this.#inner.has(event.batch)) this.#turn.answeredAt = event.at;
        return;
      case "call.queued":
        if (!this.#inner.has(event.batch)) this.#queued(event.call.key);
        return;
      case "call.started":
      case "attempt.started":
        if (this.#turn?.calls.has(event.call) !== true) return;
        this.#running.add(event.call);
        this.#maxOverlap = Math.max(this.#maxOverlap, this.#running.size);
        return;
      case "attempt.failed":
        if (event.retryInMs !== undefined) this.#running.delete(event.call);
        return;
      case "call.settled": {
        this.#running.delete(event.call);
        const call = this.#turn?.calls.get(event.call);
        if (call !== undefined) call.runningMs = event.outcome.runningMs;
        return;
      }
      case "run.ended":
        this.#close();
        return;
      case "run.started":
      case "turn.text":
      case "turn.broken":
      case "turn.answered":
      case "call.progress":
      case "attempt.abandoned":
      case "attempt.stopped":
        return;
    }
  }

  /** What all of it came to so far: turns that are over. */
  metrics(): Metrics {
    let calls = 0;
    let turns = 0;
    for (const [width, count] of this.#widths) {
      calls += width * count;
      turns += count;
    }
    return {
      callsPerTurn: turns === 0 ? 0 : calls / turns,
      widths: Object.fromEntries(this.#widths),
      maxOverlap: this.#maxOverlap,
      savedMs: this.#savedMs,
    };
  }

  #queued(key: string): void {
    const calls = this.#turn?.calls;
    if (calls === undefined) return;
    // The key of a call in a wrapper is that of the wrapper, and its place there.
    calls.delete(key.slice(0, key.lastIndexOf(".")));
    calls.set(key, { runningMs: 0 });
  }

  #close(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    this.#running.clear();
    if (turn?.endedAt === undefined || turn.calls.size === 0) return;
    const { calls, endedAt, answeredAt = endedAt } = turn;
    this.#widths.set(calls.size, (this.#widths.get(calls.size) ?? 0) + 1);
    let oneByOneMs = 0;
    for (const { runningMs } of calls.values()) oneByOneMs += runningMs;
    this.#savedMs += Math.max(0, oneByOneMs - (answeredAt - endedAt));
  }
}
