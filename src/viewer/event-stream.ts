/** A source as server-sent events: lines of a trace in batches, and a comment now and then, so that nobody thinks it dead. */
import type { SSEMessage, SSEStreamingApi } from "hono/streaming";
import { systemClock } from "../core/clock.ts";
import type { SourceMessage, TraceSource } from "./trace-source.ts";

const HEARTBEAT_MS = 15_000;

/** How long a page that was cut off waits before it asks again. */
const RETRY_MS = 1_000;

/** What a stream is told. */
export interface StreamOptions {
  /** The id of the last message that the page had. */
  readonly after: string | undefined;
  readonly signal: AbortSignal;
}

/** Writes a source to a stream until it ends, the page has gone, or the signal aborts. */
export async function streamSource(
  stream: SSEStreamingApi,
  source: TraceSource,
  { after, signal }: StreamOptions,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  stream.onAbort(leave);
  signal.addEventListener("abort", leave, { once: true });
  const stopHeart = startHeart(stream);
  try {
    const { name, kind } = source;
    await stream.writeSSE({ event: "opened", data: JSON.stringify({ name, kind }), retry: RETRY_MS });
    if (signal.aborted) return;
    for await (const message of source.follow(after, gone.signal)) await stream.writeSSE(toSse(message));
  } finally {
    stopHeart();
    signal.removeEventListener("abort", leave);
  }
}

/** Writes a comment at intervals. */
function startHeart(stream: SSEStreamingApi): () => void {
  let timer: unknown;
  const beat = () => {
    stream.write(":\n\n").catch(() => {});
    timer = systemClock.setTimer(beat, HEARTBEAT_MS);
  };
  timer = systemClock.setTimer(beat, HEARTBEAT_MS);
  return () => systemClock.clearTimer(timer);
}

function toSse(message: SourceMessage): SSEMessage {
  switch (message.type) {
    case "events":
      return { event: "events", data: message.lines.join("\n"), id: message.id };
    case "clock":
      return { event: "clock", data: String(message.now) };
    case "dropped":
      return { event: "dropped", data: JSON.stringify({ turns: message.turns, events: message.events }) };
    case "reset":
      // With an id that is nobody's: who is cut off now begins at the beginning.
      return { event: "reset", data: "", id: "none" };
    case "missing":
    case "ended":
      return { event: message.type, data: "" };
  }
}
