/**
 * A run as text that grows: what the model says, as it says it, and a line for each call when it settles. Pure but for the
 * `write` that it is given.
 */
import type { RunEvent } from "../../agent/run-event.ts";
import type { Call } from "../../core/call.ts";
import type { Wait } from "../../core/event.ts";
import type { CallError, Outcome } from "../../core/outcome.ts";
import { describeCall } from "../call-words.ts";
import type { Colours } from "../colours.ts";
import { formatMs } from "../../trace/format.ts";
import { oneLine, withoutControls } from "../format.ts";

/** What a transcript is made with. */
export interface TranscriptOptions {
  readonly write: (text: string) => void;
  readonly colours: Colours;
}

const MARKS: Readonly<Record<Outcome["status"], string>> = {
  ok: "✓",
  failed: "✗",
  "timed-out": "✗",
  cancelled: "–",
  skipped: "–",
  denied: "–",
};

/** A shorter wait is the machine's, and explains nothing. */
const LEAST_WAIT_MS = 10;

/** Writes a run while it goes on. */
export class Transcript {
  readonly #write: (text: string) => void;
  readonly #colours: Colours;
  readonly #calls = new Map<string, Call>();
  readonly #waits = new Map<string, readonly Wait[]>();
  /** How long calls have waited since their first attempt started, which is no work of theirs. */
  readonly #idleMs = new Map<string, number>();
  #isEmpty = true;
  #atLineStart = true;
  /** Why the last response broke off. */
  #broken: string | undefined = undefined;

  constructor({ write, colours }: TranscriptOptions) {
    this.#write = write;
    this.#colours = colours;
  }

  /** Takes the next event. */
  add(event: RunEvent): void {
    switch (event.type) {
      case "turn.text":
        this.#isEmpty = false;
        this.#write(withoutControls(event.text));
        this.#atLineStart = event.text.endsWith("\n");
        return;
      case "turn.broken":
        this.#broken = event.error.message;
        return;
      case "turn.started":
        // If the model is not asked again, that is how the run ends, and is told there.
        if (this.#broken !== undefined) this.line(this.#colours.yellow(`✗ ${this.#broken}; asking again`));
        this.#broken = undefined;
        return;
      case "call.queued":
        this.#calls.set(event.call.key, event.call);
        return;
      case "call.started":
        this.#wait(event.call, event.waits, false);
        return;
      case "call.settled":
        if (event.waits !== undefined) this.#wait(event.call, event.waits, event.outcome.attempts > 0);
        return this.line(this.#callLine(event.outcome));
      case "attempt.failed":
        if (event.retryInMs !== undefined)
          this.line(this.#retryLine(event.call, event.error, event.retryInMs));
        return;
      case "attempt.started":
        this.#wait(event.call, event.waits, event.as === "retry");
        return;
      case "attempt.abandoned":
        return this.line(
          this.#colours.red(
            `! ${this.#nameOf(event.call)} ignores that it was told to stop; it may still run`,
          ),
        );
      case "run.started":
      case "turn.ended":
      case "turn.answered":
      case "batch.opened":
      case "batch.closed":
      case "call.progress":
      case "attempt.stopped":
      case "run.ended":
        return;
    }
  }

  /** Writes a line of its own, after what the model has said so far. */
  line(text: string): void {
    this.endLine();
    this.#isEmpty = false;
    this.#write(`${text}\n`);
  }

  /** Ends the line that the model is in the middle of, if it is. */
  endLine(): void {
    if (!this.#atLineStart) this.#write("\n");
    this.#atLineStart = true;
  }

  /** Sets what follows apart, if there is anything to set it apart from. */
  end(): void {
    if (!this.#isEmpty) this.line("");
  }

  #retryLine(key: string, { message }: CallError, retryInMs: number): string {
    const { yellow, dim } = this.#colours;
    const facts = [oneLine(message), `trying again in ${formatMs(retryInMs)}`];
    return `${yellow("↻")} ${this.#nameOf(key)} ${dim(facts.join(" · "))}`;
  }

  #wait(key: string, waits: readonly Wait[], isIdle: boolean): void {
    this.#waits.set(key, [...(this.#waits.get(key) ?? []), ...waits]);
    if (!isIdle) return;
    const ms = waits.reduce((sum, wait) => sum + wait.ms, 0);
    this.#idleMs.set(key, (this.#idleMs.get(key) ?? 0) + ms);
  }

  #callLine({ call, status, error, runningMs, attempts }: Outcome): string {
    const { green, red, dim } = this.#colours;
    const colour = status === "ok" ? green : status === "failed" || status === "timed-out" ? red : dim;
    const worked = formatMs(runningMs - (this.#idleMs.get(call.key) ?? 0));
    const facts = [
      attempts > 1 ? `${worked} in ${attempts} attempts` : attempts > 0 ? worked : status,
      ...this.#tellWaits(this.#waits.get(call.key) ?? []),
      ...(error === undefined ? [] : [tellError(error, status)]),
    ];
    return `${colour(MARKS[status])} ${describeCall(call)} ${dim(facts.join(" · "))}`;
  }

  /** Waits for the same, between one attempt and the next, are told as one. */
  #tellWaits(waits: readonly Wait[]): string[] {
    const times = new Map<string, number>();
    for (const wait of waits) {
      const reason = this.#reasonOf(wait);
      times.set(reason, (times.get(reason) ?? 0) + wait.ms);
    }
    return [...times]
      .filter(([, ms]) => ms >= LEAST_WAIT_MS)
      .map(([reason, ms]) => `waited ${formatMs(ms)} ${reason}`);
  }

  #reasonOf(wait: Wait): string {
    switch (wait.for) {
      case "validation":
        return "for its input to be checked";
      case "close":
        return "for the model to stop";
      case "call":
        return `for ${this.#nameOf(wait.call)}`;
      case "lock":
        return `for lock ${wait.resource}`;
      case "slot":
        return `for a slot of ${wait.pool}`;
      case "rate":
        return `for the rate of ${wait.pool}`;
      case "approval":
        return "for approval";
      case "retry":
        return "to try again";
    }
  }

  #nameOf(key: string): string {
    const call = this.#calls.get(key);
    return call === undefined ? key : describeCall(call);
  }
}

function tellError({ code, message }: CallError, status: Outcome["status"]): string {
  return oneLine(`${code === status ? "" : `${code}: `}${message}`);
}
