/**
 * What traces cost. Off: the engine as it is, with nobody to hear, beside the same without a place that tells of anything. On: what an event
 * costs beside that, kept as an object, and then written as a line, each told apart.
 */
import assert from "node:assert/strict";
import { closeSync, openSync, writeSync } from "node:fs";
import { devNull } from "node:os";
import { createExecutor, type Executor } from "../src/index.ts";
import { recordTrace, type TraceEvent } from "../src/trace.ts";
import { time, type Subject } from "./measure.ts";
import { noopCalls, noopTools } from "./noop-calls.ts";
import type { Benchmark, Row } from "./row.ts";
import { loadWithoutEvents } from "./without-events.ts";

const CALLS = 1_000;
/** Many short rounds: what else a machine does hits both alike. */
const REPEATS = 4;
const ROUNDS = 151;

const BARE = "without any events";
const OFF = "nobody hears";
/** What a line costs at least. */
const PLAIN = "JSON.stringify alone, to a string";
const KEPT = "an event kept";
const LINE = "a line made, to a string";
const AIM_OFF = "aim: 1.1";
const AIM_ON = "aim: 1 µs/event";
const AIMED: ReadonlySet<string> = new Set([KEPT, LINE]);

/** Microseconds for a call whose trace is off, and for an event where it is on. */
export const traceCost: Benchmark = {
  name: "trace",
  about: "what traces cost: off, a call; on, an event that is kept, and one that is written",
  run: async () => [...(await offCost()), ...(await onCost())],
};

async function offCost(): Promise<Row[]> {
  const calls = noopCalls(CALLS, "read_one");
  const { createExecutor: createBare } = await loadWithoutEvents();
  const bare = createBare({ tools: noopTools, maxCalls: Infinity });
  const off = createExecutor({ tools: noopTools, maxCalls: Infinity });
  const times = await time(
    [
      { name: BARE, run: () => bare.run(calls) },
      { name: OFF, run: () => off.run(calls) },
    ],
    REPEATS,
    ROUNDS,
  );
  const [bareMs, offMs] = [times.get(BARE) as number, times.get(OFF) as number];
  const row = (subject: string, ms: number, ratioTo: string): Row => ({
    benchmark: "trace",
    subject,
    n: CALLS,
    value: (ms * 1_000) / CALLS,
    unit: "µs/call",
    ratioTo,
    ratio: ms / bareMs,
  });
  return [row(`off: ${BARE}`, bareMs, BARE), row(`off: ${OFF}`, offMs, `${BARE}, ${AIM_OFF}`)];
}

async function onCost(): Promise<Row[]> {
  const calls = noopCalls(CALLS, "read_one");
  const file = openSync(devNull, "w");
  const kept: TraceEvent[] = [];
  let length = 0;
  const ways: readonly (readonly [string, (executor: Executor) => void])[] = [
    [OFF, () => {}],
    [KEPT, ({ events }) => void events.listen((event) => kept.push(event))],
    [PLAIN, ({ events }) => void events.listen((event) => (length += JSON.stringify(event).length))],
    [LINE, (executor) => void recordTrace(executor, (lines) => (length += lines.length))],
    [
      "a line written, to a file",
      (executor) => void recordTrace(executor, (lines) => writeSync(file, lines)),
    ],
    [
      "a line without content",
      (executor) => void recordTrace(executor, (lines) => (length += lines.length), { content: "none" }),
    ],
    [
      "a line, content hashed",
      (executor) => void recordTrace(executor, (lines) => (length += lines.length), { content: "hash" }),
    ],
  ];
  const subjects: Subject[] = ways.map(([name, trace]) => {
    const executor = createExecutor({ tools: noopTools, maxCalls: Infinity });
    trace(executor);
    return {
      name,
      run: async () => {
        kept.length = 0;
        await executor.run(calls);
      },
    };
  });
  const times = await time(subjects, 1, ROUNDS);
  closeSync(file);
  const events = await countEvents();
  assert.ok(length > 0);
  const offMs = times.get(OFF) as number;
  const perEvent = (name: string) => (((times.get(name) as number) - offMs) * 1_000) / events;
  return ways.slice(1).map(([subject]) => ({
    benchmark: "trace",
    subject: `on: ${subject}`,
    n: events,
    value: perEvent(subject),
    unit: "µs/event",
    ratioTo: AIMED.has(subject) ? AIM_ON : PLAIN,
    ratio: perEvent(subject) / (AIMED.has(subject) ? 1 : perEvent(PLAIN)),
  }));
}

async function countEvents(): Promise<number> {
  const executor = createExecutor({ tools: noopTools, maxCalls: Infinity });
  let events = 0;
  executor.events.listen(() => events++);
  await executor.run(noopCalls(CALLS, "read_one"));
  await Promise.resolve();
  return events;
}
