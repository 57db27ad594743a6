/** A trace as the server tells it. Events go into a reader at once; that something changed is said once in a while. */
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import type { Trace } from "../../../src/trace/trace.ts";
import { TraceReader } from "../../../src/trace/read-trace.ts";
import { parseTraceLine } from "../../../src/trace/parse-trace.ts";
import { paced } from "./pace.ts";
import { listenWhileSeen } from "./seen-stream.ts";
import { sliced } from "./sliced.ts";

/** How things stand with the server. A stream that is let go while nobody looks changes nothing. */
export type FeedStatus = "connecting" | "open" | "ended" | "lost" | "refused";

/** What was no longer there when the page began with the trace. */
export interface Dropped {
  /** Those of which nothing is left. */
  readonly turns: number;
  readonly events: number;
}

/** What the trace lacks. */
export interface Lack {
  readonly dropped?: Dropped;
  /** How many lines are no events. */
  readonly skipped?: number;
  /** Why lines were left out. */
  readonly fault?: string;
  /** The file is not there, or cannot be read. */
  readonly isMissing?: boolean;
}

/** A trace that grows. */
export interface Feed {
  readonly name: string;
  readonly kind: "live" | "file";
  readonly status: ReadonlySignal<FeedStatus>;
  readonly lack: ReadonlySignal<Lack>;
  /** The trace so far. A new object whenever it has grown. */
  readonly trace: ReadonlySignal<Trace>;
  /** Whether all that came is in `trace`. */
  readonly isRead: ReadonlySignal<boolean>;
  /** When the last event of `trace` happened, on this page's clock. Means nothing for a file, of which nobody knows. */
  readonly heardAt: ReadonlySignal<number>;
}

/** Which trace to ask for. */
export interface FeedOptions {
  readonly name: string;
  readonly kind: "live" | "file";
  readonly index: number;
  readonly token: string;
}

/** Asks the server for a trace, and goes on asking where the connection breaks. */
export function createFeed({ name, kind, index, token }: FeedOptions): Feed {
  const status = signal<FeedStatus>("connecting");
  const lack = signal<Lack>({});
  const heardAt = signal(performance.now());
  let reader = new TraceReader();
  const trace = signal<Trace>(reader.trace);
  const isRead = signal(false);
  /** By how much this page's clock is ahead of that of the events. */
  let aheadMs: number | undefined;
  const show = () =>
    batch(() => {
      trace.value = reader.trace;
      isRead.value = lines.isDone;
      if (aheadMs !== undefined) heardAt.value = reader.trace.startedAt + reader.trace.endMs + aheadMs;
    });
  const publish = paced(show, { quietMs: 25, atLeastEachMs: 400 });
  const lacks = (more: Lack) => (lack.value = { ...lack.value, ...more });

  const lines = sliced((line: string) => {
    try {
      const event = parseTraceLine(line);
      if (event !== undefined) reader.read(event);
      else if (line.trim() !== "") lacks({ skipped: (lack.value.skipped ?? 0) + 1 });
    } catch (error) {
      lacks({ fault: error instanceof Error ? error.message : String(error) });
    }
  }, publish);

  const stop = listenWhileSeen(`/traces/${index}?token=${encodeURIComponent(token)}`, {
    on: {
      opened: () => (status.value = "open"),
      clock: (now) => (aheadMs = performance.now() - Number(now)),
      events: (data) => {
        lines.add(data.split("\n"));
        isRead.value = false;
      },
      reset: () => {
        lines.clear();
        reader = new TraceReader();
        lack.value = {};
        publish();
      },
      dropped: (data) => lacks({ dropped: JSON.parse(data) as Dropped }),
      missing: () => lacks({ isMissing: true }),
      ended: () => {
        status.value = "ended";
        stop();
      },
    },
    onLost: (isRefused) => (status.value = isRefused ? "refused" : "lost"),
  });
  return { name, kind, status, lack, trace, isRead, heardAt };
}

/** Asks the server which traces there are; undefined if it refuses. */
export async function askForFeeds(token: string): Promise<Feed[] | undefined> {
  const response = await fetch(`/traces?token=${encodeURIComponent(token)}`);
  if (!response.ok) return undefined;
  const traces = (await response.json()) as { readonly name: string; readonly kind: "live" | "file" }[];
  return traces.map(({ name, kind }, index) => createFeed({ name, kind, index, token }));
}
