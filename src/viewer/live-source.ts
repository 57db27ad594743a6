/** An executor as a source of its events, from the moment at which it is made. */
import { setTimeout as sleep } from "node:timers/promises";
import type { TraceEvent } from "../trace/trace-event.ts";
import { toTraceLine } from "../trace/trace-line.ts";
import { EventLog } from "./event-log.ts";
import { MAX_LINES, type SourceMessage, type TraceSource } from "./trace-source.ts";

/** How long what happens is gathered before it is told. */
const GATHER_MS = 40;

/** A source that is fed. */
export interface LiveSource extends TraceSource {
  add(event: TraceEvent): void;
  /** There will be no more. */
  end(): void;
}

/** Makes a source of events that come by themselves. */
export function createLiveSource(name: string, maxEvents: number): LiveSource {
  const log = new EventLog(maxEvents);
  return {
    name,
    kind: "live",
    add: (event) => log.add(event, toTraceLine(event)),
    end: () => log.close(),
    follow: (after, signal) => followLog(log, placeOf(after), signal),
  };
}

function placeOf(id: string | undefined): number {
  const place = Number(id ?? 0);
  return Number.isSafeInteger(place) && place > 0 ? place : 0;
}

async function* followLog(log: EventLog, from: number, signal: AbortSignal): AsyncGenerator<SourceMessage> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  let place = from;
  let dropped = 0;
  while (!signal.aborted) {
    if (log.dropped.events > dropped) {
      dropped = log.dropped.events;
      yield { type: "dropped", ...log.dropped };
    }
    const lines = log.after(place, MAX_LINES);
    place = lines.at(-1)?.place ?? place;
    if (lines.length > 0) yield { type: "events", id: String(place), lines: lines.map(({ line }) => line) };
    else if (log.isClosed) return yield { type: "ended" };
    else {
      await Promise.race([log.change(), aborted]);
      if (!log.isClosed) await sleep(GATHER_MS, undefined, { signal }).catch(() => {});
    }
  }
}
