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
import { formatMs, oneLine, withoutControls } from "../format.ts";

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
        this.#waits.set(event.call, event.waits);
        return;
      case "call.settled":
        return this.line(
          this.#callLine(event.outcome, [...(this.#waits.get(event.call) ?? []), ...(event.waits ?? [])]),
        );
      case "attempt.failed":
        if (event.retryInMs !== undefined)
          this.line(this.#retryLine(event.call, event.error, event.retryInMs));
        return;
      case "attempt.started":
        this.#waits.set(event.call, [...(this.#waits.get(event.call) ?? []), ...event.waits]);
        return;
      case "attempt.abandoned":
        return this.line(
          this.#colours.red(
            `! ${this.#nameOf(event.call)} ignores that it was told to stop; it may still run`,
          ),
        );
      case "run.started":
      case "turn.ended":
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
    this.#isEmpty = false;
    this.#write(`${this.#atLineStart ? "" : "\n"}${text}\n`);
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

  #callLine({ call, status, error, runningMs, attempts }: Outcome, waits: readonly Wait[]): string {
    const { green, red, dim } = this.#colours;
    const colour = status === "ok" ? green : status === "failed" || status === "timed-out" ? red : dim;
    const facts = [
      attempts > 0 ? formatMs(runningMs) : status,
      ...waits.filter(({ ms }) => ms >= LEAST_WAIT_MS).map((wait) => this.#tellWait(wait)),
      ...(error === undefined ? [] : [tellError(error, status)]),
    ];
    return `${colour(MARKS[status])} ${describeCall(call)} ${dim(facts.join(" · "))}`;
  }

  #tellWait(wait: Wait): string {
    const waited = `waited ${formatMs(wait.ms)}`;
    switch (wait.for) {
      case "validation":
        return `${waited} for its input to be checked`;
      case "close":
        return `${waited} for the model to stop`;
      case "call":
        return `${waited} for ${this.#nameOf(wait.call)}`;
      case "lock":
        return `${waited} for lock ${wait.resource}`;
      case "slot":
        return `${waited} for a slot of ${wait.pool}`;
      case "rate":
        return `${waited} for the rate of ${wait.pool}`;
      case "approval":
        return `${waited} for approval`;
      case "retry":
        return `${waited} to try again`;
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
