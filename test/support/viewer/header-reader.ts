/** The numbers at the head of the page, for one trace after another: a page that is not loaded anew for each. */
import type { Browser } from "playwright-core";
import { serve } from "../../../src/viewer/server.ts";
import type { SourceMessage, TraceSource } from "../../../src/viewer/trace-source.ts";
import { openPage } from "./browser.ts";

/** What the head of the page says. */
export interface Header {
  /** `{ wall: "1.40 s", … }`; what there is nothing to say of is not in it. */
  readonly figures: Readonly<Record<string, string>>;
  /** The parts of the critical path: `model`, `tools`, `waits`, `outside`. */
  readonly path: Readonly<Record<string, string>>;
}

/** A page that shows traces. */
export interface HeaderReader {
  /** Shows the lines of a trace that began at `startedOn`, a time that no other has, and reads what is said of it. */
  read(lines: readonly string[], startedOn: number): Promise<Header>;
  readonly complaints: readonly string[];
  /** Stops what it is served by; the page goes with its browser. */
  close(): Promise<void>;
}

/** Opens a page that shows nothing yet but a trace to begin with. */
export async function openHeaderReader(browser: Browser, first: readonly string[]): Promise<HeaderReader> {
  const source = new ChangingSource(first);
  const viewer = await serve([source], {});
  const { page, complaints } = await openPage(browser, viewer.url, {
    // Little to draw.
    viewport: { width: 600, height: 480 },
  });
  return {
    complaints,
    read: async (lines, startedOn) => {
      source.show(lines);
      return page.evaluate<Header>(`(${READ})(${startedOn})`);
    },
    close: () => viewer.close(),
  };
}

/** Runs in the page: what its head says, once all that it says is of the trace that began then. */
const READ = `async (startedOn) => {
  const isShown = () =>
    document.querySelector(".status-line time")?.textContent === new Date(startedOn).toLocaleString() &&
    document.querySelector(".trace")?.getAttribute("aria-busy") === "false";
  while (!isShown()) await new Promise((resolve) => setTimeout(resolve, 5));
  const pairs = (list) => {
    const found = [...document.querySelectorAll(list + " > div")].map((pair) => [
      pair.querySelector("dt").textContent,
      pair.querySelector("dd").firstChild.textContent,
    ]);
    return Object.fromEntries(found);
  };
  return { figures: pairs(".figures"), path: pairs(".path-line dl") };
}`;

/** A source that begins anew with each trace that it is given. */
class ChangingSource implements TraceSource {
  readonly name = "changing";
  readonly kind = "file";
  #lines: readonly string[];
  #shown = 0;
  #wake: () => void = () => {};

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  show(lines: readonly string[]): void {
    this.#lines = lines;
    this.#shown++;
    this.#wake();
  }

  async *follow(_after: string | undefined, signal: AbortSignal): AsyncGenerator<SourceMessage> {
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    for (let told = -1; !signal.aborted;) {
      if (told === this.#shown) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      told = this.#shown;
      yield { type: "reset" };
      yield { type: "events", id: String(told), lines: this.#lines };
    }
  }
}
