/**
 * Questions on a terminal, one at a time, with what is written meanwhile above them. Readline reads the keys, the screen draws.
 *
 * 1. What was typed before a question was shown is no answer to it.
 * 2. While a question is shown, text comes in whole lines; a line that has not ended waits for its end, or the question's.
 */
import { createInterface, type Interface } from "node:readline";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { onAbort } from "../../core/cancel.ts";
import { divert } from "./divert.ts";
import type { Screen } from "../screen.ts";

/** What questions are asked with. */
export interface QuestionsOptions {
  readonly input: NodeJS.ReadableStream & { readonly readableEnded?: boolean };
  readonly screen: Pick<Screen, "draw" | "keep" | "height" | "width">;
  /** Writes what is not a question. */
  readonly write: (text: string) => void;
  /** What others may write to the terminal by; what they do comes above a question. */
  readonly streams: readonly NodeJS.WritableStream[];
  /** Called at Ctrl-C, which a terminal that is read key by key gives as a key. */
  readonly interrupt: () => void;
}

/** Long enough for what has been typed to arrive, too short to be noticed. */
const STALE_MS = 20;

/** Asks one question at a time. */
export class Questions {
  readonly #options: QuestionsOptions;
  #question: readonly string[] | undefined = undefined;
  #typed = "";
  /** A line that has not ended, while there is a question. */
  #held = "";
  /** Whether what comes by the streams is its own. */
  #draws = false;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** Writes text: above the question, if there is one. */
  write(text: string): void {
    if (this.#question === undefined) return this.#options.write(text);
    this.#held += text;
    const end = this.#held.lastIndexOf("\n") + 1;
    if (end === 0) return;
    this.#erase();
    this.#print(this.#held.slice(0, end));
    this.#held = this.#held.slice(end);
    this.#draw();
  }

  /**
   * Shows lines, the last of which is what is typed behind, until a line has been typed. What was written before must have
   * ended its line.
   *
   * @returns undefined if the signal aborts, or if there is nothing more to read
   */
  async ask(lines: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    // What is higher than the terminal cannot be drawn over, and the top of it must not get lost.
    const isTall = this.#rowsOf(lines) >= this.#options.screen.height;
    if (isTall) this.#options.write(`${lines.slice(0, -1).join("\n")}\n`);
    this.#question = isTall ? lines.slice(-1) : lines;
    this.#draw();
    const restores = this.#options.streams.map((stream) => divert(stream, (text) => this.#take(text)));
    try {
      await this.#dropTyped(signal);
      return await this.#readLine(signal);
    } finally {
      for (const restore of restores) restore();
      this.#erase();
      this.#question = undefined;
      this.#typed = "";
      this.#options.write(this.#held);
      this.#held = "";
    }
  }

  /** Some characters are two columns wide. */
  #rowsOf(lines: readonly string[]): number {
    const { width } = this.#options.screen;
    return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil((2 * line.length) / width)), 1);
  }

  #draw(): void {
    const question = this.#question ?? [];
    const lines = [...question.slice(0, -1), `${question.at(-1) ?? ""}${this.#typed}`];
    this.#directly(() => this.#options.screen.draw(lines));
  }

  #erase(): void {
    this.#directly(() => this.#options.screen.keep([]));
  }

  #print(text: string): void {
    this.#directly(() => this.#options.write(text));
  }

  #directly(write: () => void): void {
    this.#draws = true;
    write();
    this.#draws = false;
  }

  /** What others write. */
  #take(text: string): boolean {
    if (this.#draws) return false;
    this.write(text);
    return true;
  }

  /** The terminal still gives lines here, so that Ctrl-C is a signal. */
  async #dropTyped(signal: AbortSignal): Promise<void> {
    const { input } = this.#options;
    const drop = () => {};
    input.on("data", drop);
    try {
      await sleep(STALE_MS, undefined, { signal });
    } catch {
      // What aborts it is looked at next.
    } finally {
      input.off("data", drop);
      input.pause();
    }
  }

  async #readLine(signal: AbortSignal): Promise<string | undefined> {
    const { input, interrupt } = this.#options;
    if (signal.aborted || input.readableEnded === true) return undefined;
    const reader = createInterface({ input, output: nowhere(), terminal: true, historySize: 0 });
    const detach = onAbort(signal, () => reader.close());
    // Readline has taken the key by then.
    const show = () => {
      this.#typed = reader.line;
      this.#draw();
    };
    input.on("keypress", show);
    reader.on("SIGINT", interrupt);
    try {
      return await lineOf(reader);
    } finally {
      detach();
      input.off("keypress", show);
      reader.close();
    }
  }
}

function lineOf(reader: Interface): Promise<string | undefined> {
  return new Promise((resolve) => {
    reader.once("line", resolve);
    reader.once("close", () => resolve(undefined));
  });
}

/** Readline would draw by itself, and knows nothing of what is written meanwhile. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
