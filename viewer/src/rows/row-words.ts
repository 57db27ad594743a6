/** Rows in words: what stands in the list, and what a screen reader says. */
import { explainWait, sentenceOf } from "../../../src/trace/explain.ts";
import { workedMs } from "../../../src/trace/figures.ts";
import { subjectOf } from "../../../src/trace/labels.ts";
import type { TracedCall, TracedTurn } from "../../../src/trace/trace.ts";
import { formatMs, formatPlural } from "../format.ts";
import { callWaits } from "./call-waits.ts";
import type { Row } from "./row.ts";

/** What a turn is called. Where there are several runs, it says of which it is. */
export function titleOf({ run, turn, batch, key }: TracedTurn, hasRuns: boolean): string {
  if (turn === undefined) return `batch ${batch ?? key}`;
  return `${hasRuns && run !== undefined ? `${run} · ` : ""}turn ${turn}`;
}

/** For how long a row's own work went on: a turn's until its last result. */
export function durationOf(row: Row, nowMs: number): number | undefined {
  if (row.kind === "turn") return (row.turn.toMs ?? row.turn.modelToMs ?? nowMs) - row.turn.fromMs;
  const { call } = row;
  if (call.isWrapper) return (call.settledMs ?? nowMs) - call.queuedMs;
  return call.startedMs === undefined ? undefined : workedMs(call, nowMs);
}

/** From when to when a row is about. */
export function spanOfRow(row: Row, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  if (row.kind === "call") return { fromMs: row.call.queuedMs, toMs: row.call.settledMs ?? nowMs };
  const { fromMs, toMs, modelToMs, status } = row.turn;
  return { fromMs, toMs: toMs ?? (status === "going" ? nowMs : (modelToMs ?? nowMs)) };
}

/** What a row says when it is read out. */
export function sentenceOfRow(row: Row, reading: Reading): string {
  const { shareMs, nowMs } = reading;
  const sentence =
    row.kind === "turn" ? sentenceOfTurn(row.turn, row.calls, nowMs) : sentenceOfCall(row.call, reading);
  return shareMs === undefined ? sentence : `${sentence}, on the critical path for ${formatMs(shareMs)}`;
}

/** What sentences are made with. */
export interface Reading {
  readonly nowMs: number;
  readonly calls: ReadonlyMap<string, TracedCall>;
  /** For how long it is part of the critical path; undefined if it is not. */
  readonly shareMs?: number | undefined;
}

function sentenceOfTurn(turn: TracedTurn, calls: readonly TracedCall[], nowMs: number): string {
  const parts = [titleOf(turn, turn.run !== undefined), turn.status];
  if (turn.turn !== undefined)
    parts.push(`the model wrote for ${formatMs((turn.modelToMs ?? nowMs) - turn.fromMs)}`);
  parts.push(formatPlural(calls.length, "call"));
  return parts.join(", ");
}

/** So many of a call's waits are read out; all are in the side panel. */
const MAX_WAITS = 3;

function sentenceOfCall(traced: TracedCall, { nowMs, calls }: Reading): string {
  const parts = [
    `${traced.call.name} ${subjectOf(traced.call)}`.trim(),
    traced.status === "going" ? "not over" : traced.status,
  ];
  const waits = callWaits(traced, nowMs);
  for (const { wait, ms, isOpen } of waits.slice(0, MAX_WAITS)) {
    const what = explainWait(wait, { calls, of: traced, isOpen });
    parts.push(`waited ${formatMs(ms)} for ${sentenceOf(what)}`);
  }
  if (waits.length > MAX_WAITS) parts.push(`and for ${formatPlural(waits.length - MAX_WAITS, "thing")} more`);
  if (traced.startedMs !== undefined) parts.push(`ran ${formatMs(workedMs(traced, nowMs))}`);
  if (traced.attempts.length > 1) parts.push(formatPlural(traced.attempts.length, "attempt"));
  if (traced.error !== undefined) parts.push(traced.error.message);
  return parts.join(", ");
}
