/** Traces in a browser: of an executor while it works, or of files. */
import type { Executor } from "../core/executor.ts";
import { positiveInteger } from "../core/options.ts";
import { openTrace } from "../trace/open-trace.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import { createFileSource } from "./file-source.ts";
import { createLiveSource } from "./live-source.ts";
import { serve, type ListenOptions, type Viewer } from "./server.ts";
import type { TraceSource } from "./trace-source.ts";

/** What `createViewer` takes beside the executor. */
export interface ViewerOptions extends ListenOptions {
  /**
   * What the page is called.
   *
   * @default "live"
   */
  readonly name?: string | undefined;
  /**
   * Events kept for who opens the page later. Beyond it the oldest turns that are over are dropped, each as a whole; where
   * that is not enough, calls that are over, of turns that go on; and only then what goes on. The page says so.
   *
   * Minimum: 1.
   *
   * @default 100_000
   */
  readonly maxEvents?: number | undefined;
  /**
   * The same in bytes: how much memory the lines of events may take, each as long as what its tool was given or returned.
   *
   * Minimum: 1.
   *
   * @default 67_108_864
   */
  readonly maxBytes?: number | undefined;
}

/** What `serveTrace` takes beside the trace. */
export interface ServeTraceOptions extends ListenOptions {
  /** A second trace, shown below the first on the same axis of time. */
  readonly compareWith?: TraceInput | undefined;
}

/** The path of a trace file, which may still grow, or the events of a trace. */
export type TraceInput = string | Iterable<TraceEvent>;

const MAX_EVENTS = 100_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Shows what an executor does, from now on. Who opens the page later sees it from the beginning.
 *
 * @throws TypeError for wrong options
 * @throws TuttiError `unreachable` if the port cannot be had
 */
export async function createViewer(executor: Executor, options: ViewerOptions = {}): Promise<Viewer> {
  const { name = "live", maxEvents = MAX_EVENTS, maxBytes = MAX_BYTES, ...listen } = options;
  const source = createLiveSource({
    name,
    clock: executor.clock,
    maxEvents: positiveInteger("maxEvents", maxEvents),
    maxBytes: positiveInteger("maxBytes", maxBytes),
  });
  source.add(openTrace(executor));
  const stopListening = executor.events.listen((event) => source.add(event));
  const stop = () => {
    stopListening();
    source.end();
  };
  try {
    const served = await serve([source], listen);
    const close = async () => {
      stop();
      await served.drain();
      await served.close();
    };
    return { url: served.url, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    stop();
    throw error;
  }
}

/**
 * Shows a trace that was written down. A file may still grow: the page grows with it.
 *
 * @throws TuttiError `unreachable` if the port cannot be had
 */
export async function serveTrace(trace: TraceInput, options: ServeTraceOptions = {}): Promise<Viewer> {
  const { compareWith, ...listen } = options;
  const inputs = compareWith === undefined ? [trace] : [trace, compareWith];
  return serve(inputs.map(sourceOf), listen);
}

function sourceOf(trace: TraceInput, index: number): TraceSource {
  if (typeof trace === "string") return createFileSource(trace);
  const source = createLiveSource({
    name: `trace ${index + 1}`,
    maxEvents: Infinity,
    maxBytes: Infinity,
  });
  for (const event of trace) source.add(event);
  source.end();
  return source;
}
