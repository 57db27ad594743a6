/** Rows in words: what stands in the list, and what a screen reader says. */
import { explainWait, sentenceOf, waitsOfCall } from "../../../src/trace/explain.ts";
import { workedMs } from "../../../src/trace/figures.ts";
import { subjectOf } from "../../../src/trace/labels.ts";
import type { TracedCall, TracedTurn } from "../../../src/trace/trace.ts";
import { formatMs, formatPlural } from "../format.ts";
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

/** A shorter wait is the machine's, and explains nothing. */
const LEAST_WAIT_MS = 0.5;

function sentenceOfCall(traced: TracedCall, { nowMs, calls }: Reading): string {
  const parts = [
    `${traced.call.name} ${subjectOf(traced.call)}`.trim(),
    traced.status === "going" ? "not over" : traced.status,
  ];
  for (const { wait, fromMs, toMs = nowMs } of waitsOfCall(traced)) {
    if (toMs - fromMs >= LEAST_WAIT_MS)
      parts.push(`waited ${formatMs(toMs - fromMs)} for ${sentenceOf(explainWait(wait, { calls }))}`);
  }
  if (traced.startedMs !== undefined) parts.push(`ran ${formatMs(workedMs(traced, nowMs))}`);
  if (traced.attempts.length > 1) parts.push(formatPlural(traced.attempts.length, "attempt"));
  if (traced.error !== undefined) parts.push(traced.error.message);
  return parts.join(", ");
}
