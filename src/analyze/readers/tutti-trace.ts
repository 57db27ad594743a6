/**
 * Traces of Tutti, one or several in a file: each run is a session. Turns of no run are in one, too, but who spoke between them
 * is not in a trace, so each of them begins anew.
 */
import { isObject } from "../../core/is-object.ts";
import { toText } from "../../results/text.ts";
import { modelsOwn } from "../../trace/figures.ts";
import { readTrace } from "../../trace/read-trace.ts";
import { scopeOf } from "../../trace/scope.ts";
import type { TraceEvent } from "../../trace/trace-event.ts";
import type { Trace, TracedCall, TracedTurn } from "../../trace/trace.ts";
import type { SessionReader } from "../reader.ts";
import { recorded } from "./recorded.ts";
import type { Said, Session, SessionCall, SessionTurn } from "../session.ts";

/** Reads traces. */
export const tuttiTraceReader: SessionReader = {
  format: "tutti-trace",
  describes: "traces of Tutti",
  read: ({ name, values }) => {
    const events = values.filter(isEvent);
    if (!events.some(({ type }) => /^(trace\.opened|run\.started|batch\.opened)$/.test(type)))
      return undefined;
    const traces = tracesOf(events);
    const sessions = traces.flatMap((trace, i) =>
      sessionsOf(trace, traces.length === 1 ? name : `${name} trace ${i + 1}`),
    );
    return sessions.length === 1 ? sessions.map((session) => ({ ...session, name })) : sessions;
  },
};

function isEvent(value: unknown): value is TraceEvent {
  return isObject(value) && typeof value["type"] === "string" && typeof value["at"] === "number";
}

/** Those that processes wrote into one file, one behind the other. A first line may have been lost, but no clock goes back. */
function tracesOf(events: readonly TraceEvent[]): Trace[] {
  const traces: TraceEvent[][] = [];
  for (const event of events) {
    const own = traces.at(-1);
    const last = own?.at(-1);
    const isFirst = event.type === "trace.opened" || last === undefined || event.at < last.at;
    if (isFirst) traces.push([event]);
    else own?.push(event);
  }
  return traces.map((own) => readTrace(own));
}

function sessionsOf(trace: Trace, name: string): Session[] {
  const runs = [...trace.runs.map((run) => run.name), undefined];
  return runs.map((run) => sessionOf(trace, run, name)).filter(({ turns }) => turns.length > 0);
}

function sessionOf(trace: Trace, run: string | undefined, name: string): Session {
  const own = Map.groupBy(modelsOwn(scopeOf(trace)), ({ turn }) => turn);
  const turns = trace.turns.filter((turn) => turn.run === run && turn.status === "ended");
  const said = run === undefined ? SOMEBODY : [];
  return {
    name: `${name} ${run ?? "(no run)"}`,
    source: "tutti-trace",
    turns: turns.map((turn) => ({ ...turnOf(turn, own.get(turn.key) ?? [], trace), said })),
  };
}

/** That somebody may have spoken. */
const SOMEBODY: readonly Said[] = [{ by: "user", text: "" }];

function turnOf(
  turn: TracedTurn,
  calls: readonly TracedCall[],
  { startedOn }: Trace,
): Omit<SessionTurn, "said"> {
  const { usage, turn: number } = turn;
  return {
    text: turn.text,
    calls: calls.map((call) => callOf(call, startedOn)),
    ...(usage !== undefined && {
      inputTokens: usage.inputTokens,
      cachedInputTokens: usage.cachedInputTokens,
      outputTokens: usage.outputTokens,
    }),
    // When a model was asked that nobody told of is not known.
    ...(startedOn !== undefined &&
      number !== undefined &&
      turn.modelToMs !== undefined && {
        startedAt: startedOn + turn.fromMs,
        endedAt: startedOn + turn.modelToMs,
      }),
  };
}

function callOf(
  { call, status, answer, output, error, ...traced }: TracedCall,
  startedOn: number | undefined,
): SessionCall {
  const parts = answer?.parts;
  const texts = parts?.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const known = status === "ok" ? toText(output) : error?.message;
  const isRecorded = (texts ?? [known]).every((text) => recorded(text) !== undefined);
  return {
    id: call.id ?? call.key,
    name: call.name,
    input: recorded(call.input),
    result: isRecorded ? (texts?.join("\n") ?? known) : undefined,
    images: (parts?.length ?? 0) - (texts?.length ?? 0),
    isError: status !== "ok" || answer?.isError === true,
    ...(startedOn !== undefined &&
      traced.startedMs !== undefined && { startedAt: startedOn + traced.startedMs }),
    ...(startedOn !== undefined &&
      traced.settledMs !== undefined && { endedAt: startedOn + traced.settledMs }),
  };
}
