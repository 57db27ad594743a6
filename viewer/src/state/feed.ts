/** A trace as the server tells it. Events go into a reader at once; that something changed is said once in a while. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Trace } from "../../../src/trace/trace.ts";
import { TraceReader } from "../../../src/trace/read-trace.ts";
import { parseTraceLine } from "../../../src/trace/parse-trace.ts";
import { paced } from "./pace.ts";
import { sliced } from "./sliced.ts";

/** How things stand with the server. */
export type FeedStatus = "connecting" | "open" | "ended" | "lost" | "refused";

/** What was no longer there when the page was opened. */
export interface Dropped {
  readonly turns: number;
  readonly events: number;
}

/** A trace that grows. */
export interface Feed {
  readonly name: string;
  readonly kind: "live" | "file";
  readonly status: ReadonlySignal<FeedStatus>;
  readonly dropped: ReadonlySignal<Dropped | undefined>;
  /** Why lines were left out; the rest is shown. */
  readonly fault: ReadonlySignal<string | undefined>;
  /** The trace so far. A new object whenever it has grown. */
  readonly trace: ReadonlySignal<Trace>;
  /** Whether all that came is in `trace`. */
  readonly isRead: ReadonlySignal<boolean>;
  /** When its last event came, on this page's clock. */
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
  const dropped = signal<Dropped | undefined>(undefined);
  const fault = signal<string | undefined>(undefined);
  const heardAt = signal(performance.now());
  let reader = new TraceReader();
  const trace = signal<Trace>(reader.trace);
  const isRead = signal(false);
  const show = () => {
    trace.value = reader.trace;
    isRead.value = lines.isDone;
  };
  const publish = paced(show, { quietMs: 25, atLeastEachMs: 400 });

  const lines = sliced((line: string) => {
    try {
      const event = parseTraceLine(line);
      if (event !== undefined) reader.read(event);
    } catch (error) {
      fault.value = error instanceof Error ? error.message : String(error);
    }
  }, publish);

  const events = new EventSource(`/traces/${index}?token=${encodeURIComponent(token)}`);
  events.addEventListener("opened", () => (status.value = "open"));
  events.addEventListener("events", ({ data }: MessageEvent<string>) => {
    lines.add(data.split("\n"));
    isRead.value = false;
    heardAt.value = performance.now();
  });
  events.addEventListener("dropped", ({ data }: MessageEvent<string>) => {
    dropped.value = JSON.parse(data) as Dropped;
  });
  events.addEventListener("reset", () => {
    lines.clear();
    reader = new TraceReader();
    publish();
  });
  events.addEventListener("ended", () => {
    status.value = "ended";
    events.close();
  });
  events.addEventListener("error", () => {
    status.value = events.readyState === EventSource.CLOSED ? "refused" : "lost";
  });
  return { name, kind, status, dropped, fault, trace, isRead, heardAt };
}

/** Asks the server which traces there are; undefined if it refuses. */
export async function askForFeeds(token: string): Promise<Feed[] | undefined> {
  const response = await fetch(`/traces?token=${encodeURIComponent(token)}`);
  if (!response.ok) return undefined;
  const traces = (await response.json()) as { readonly name: string; readonly kind: "live" | "file" }[];
  return traces.map(({ name, kind }, index) => createFeed({ name, kind, index, token }));
}
