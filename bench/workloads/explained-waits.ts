/**
 * Whether the trace alone says why calls did not overlap: each call that started late names the calls and the resources it
 * waited for, these are declared by both, and the waits add up.
 */
import type { BatchEvent, Wait } from "../../src/index.ts";
import { conflict, type ResolvedEffects } from "../../src/core/effects.ts";
import { overlaps, parseResource, type Path } from "../../src/core/resource.ts";

const TOLERANCE_MS = 0.001;

/** What was found in a turn's events. */
export interface WaitFindings {
  /** Calls that did not start with the turn. */
  readonly late: number;
  /** What the trace leaves unexplained, in words. */
  readonly unexplained: readonly string[];
}

/** Goes through the events of one turn, whose calls touch these, in call order. */
export function findWaits(events: readonly BatchEvent[], touched: readonly ResolvedEffects[]): WaitFindings {
  const indexes = new Map<string, number>();
  const unexplained: string[] = [];
  let fromMs = 0;
  let late = 0;
  for (const event of events) {
    if (event.type === "batch.opened") fromMs = event.at;
    if (event.type === "call.queued") indexes.set(event.call.key, event.call.index);
    if (event.type !== "call.started" || event.at - fromMs < TOLERANCE_MS) continue;
    late++;
    const me = indexes.get(event.call) ?? -1;
    const told = event.waits.reduce((sum, { ms }) => sum + ms, 0);
    if (Math.abs(told - (event.at - fromMs)) > TOLERANCE_MS)
      unexplained.push(`${event.call} waited ${event.at - fromMs} ms and tells of ${told} ms`);
    for (const wait of event.waits) {
      if (!isExplained(wait, touched[me], (call) => touched[indexes.get(call) ?? -1]))
        unexplained.push(`${event.call} waited for ${JSON.stringify(wait)}`);
    }
  }
  return { late, unexplained };
}

function isExplained(
  wait: Wait,
  me: ResolvedEffects | undefined,
  effectsOf: (call: string) => ResolvedEffects | undefined,
): boolean {
  switch (wait.for) {
    case "slot":
      return wait.pool === "executor";
    case "call":
      return effectsOf(wait.call) !== undefined;
    case "lock": {
      const holder = effectsOf(wait.heldBy);
      if (me === undefined || holder === undefined || !conflict(me, holder)) return false;
      const resource = parseResource(wait.resource);
      return declares(me, resource) && declares(holder, resource);
    }
    case "validation":
    case "close":
    case "rate":
    case "approval":
    case "retry":
      return false;
  }
}

function declares({ reads, writes, commutes }: ResolvedEffects, resource: Path): boolean {
  return [...reads, ...writes, ...commutes].some((path) => overlaps(path, resource));
}
