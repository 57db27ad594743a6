/** An executor as a source of its events, from the moment at which it is made. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import { toTraceLine } from "../trace/trace-line.ts";
import { EventLog, type LogBounds } from "./event-log.ts";
import type { SourceMessage, TraceSource } from "./trace-source.ts";

/** How long what happens is gathered before it is told. */
const GATHER_MS = 40;

/** What is known of events that come by themselves. */
export interface LiveSourceOptions extends LogBounds {
  readonly name: string;
  /** The clock that they are stamped by; undefined if it is not known. */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

/** A source that is fed. */
export interface LiveSource extends TraceSource {
  add(event: TraceEvent): void;
  /** There will be no more. */
  end(): void;
}

/** Makes a source of events that come by themselves. */
export function createLiveSource({ name, clock, ...bounds }: LiveSourceOptions): LiveSource {
  const log = new EventLog(bounds);
  return {
    name,
    kind: "live",
    add: (event) => log.add(event, toTraceLine(event)),
    end: () => log.close(),
    follow: (after, signal) => followLog({ log, clock, after }, signal),
  };
}

interface Followed {
  readonly log: EventLog;
  readonly clock: Pick<Clock, "now"> | undefined;
  readonly after: string | undefined;
}

async function* followLog(
  { log, clock, after }: Followed,
  signal: AbortSignal,
): AsyncGenerator<SourceMessage> {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  let [place, drops] = progressOf(after);
  let toldDropped = 0;
  while (!signal.aborted) {
    const isTorn = log.isTorn(place, drops);
    drops = log.drops;
    if (isTorn) {
      place = 0;
      toldDropped = 0;
      yield { type: "reset" };
    } else if (place === 0 && log.dropped.events > toldDropped) {
      toldDropped = log.dropped.events;
      yield { type: "dropped", ...log.dropped };
    } else {
      const lines = log.after(place);
      place = lines.at(-1)?.place ?? place;
      if (lines.length > 0) {
        if (clock !== undefined) yield { type: "clock", now: clock.now() };
        yield { type: "events", id: `${place}:${drops}`, lines: lines.map(({ line }) => line) };
      } else if (log.isClosed) return yield { type: "ended" };
      else {
        await Promise.race([log.change(), aborted]);
        if (!log.isClosed) await sleep(GATHER_MS, undefined, { signal }).catch(() => {});
      }
    }
  }
}

/** How far a follower has read, and how often something had been dropped then. */
function progressOf(id: string | undefined): readonly [place: number, drops: number] {
  const [, place = 0, drops = 0] = /^(\d+):(\d+)$/.exec(id ?? "") ?? [];
  return [Number(place), Number(drops)];
}
